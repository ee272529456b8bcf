extension NumberingPlan {
    /// Ranges that cost more, cost the called, or reach no person's phone, after the calling code.
    /// `15/10` is 15 at the beginning of ten digits.
    ///
    /// The regulator whose plan rules stands at a row's end; the rows were held against numbers of libphonenumber's metadata 9.0.43, not
    /// against the plans themselves. Fairly sure: premium rows. Less sure: that a country's list is whole; countries without a row are shielded by the list of allowed countries alone.
    static let specialRanges = """
        1 premium 900  # NANPA
        1 toll_free 800 822 833 844 855 866 877 880 881 882 883 884 885 886 887 888 889
        1 personal 500 521 522 523 524 525 526 527 528 529 532 533 535 538 542 543 544 545 546 547 549 550 552 553 554
        1 personal 556 566 558 569 577 578 588 589
        1 service 600 622 633 644 655 677 688 700 710
        20 premium 900  # NTRA
        20 toll_free 800
        27 premium 9  # ICASA
        27 shared_cost 86
        27 toll_free 80
        30 premium 90  # EETT
        30 shared_cost 801 806 807 812 825 850 875
        30 toll_free 800
        30 personal 70
        31 premium 90  # ACM, Nummerplan
        31 toll_free 800
        31 personal 84 87
        31 service 66 82 88 97 140
        32 premium 90  # BIPT
        32 shared_cost 70 78
        32 toll_free 800
        33 toll_free 80  # ARCEP
        33 shared_cost 81 82 84 85 86 87 88
        33 premium 83 89
        34 premium 803 806 807 905 907 995  # CNMC, PNNT
        34 shared_cost 901 902
        34 toll_free 800 900
        34 personal 70
        34 service 59
        351 premium 60 646 648  # ANACOM
        351 shared_cost 707 708 760 761 808 809
        351 toll_free 800
        351 personal 884
        351 service 622
        353 premium 15/10  # ComReg; Dublin's 1 5 and 1 8 have eight digits
        353 shared_cost 1850/10 1890/10 818
        353 toll_free 1800/10
        353 personal 700
        358 premium 600 700  # Traficom
        358 toll_free 800
        358 shared_cost 10 20 29 30 71 73 75
        36 premium 90 91  # NMHH
        36 shared_cost 40
        36 toll_free 80
        380 premium 900  # NKEK
        380 toll_free 800
        39 premium 89 4 70  # AGCOM
        39 shared_cost 84 199
        39 toll_free 80
        39 personal 178
        40 premium 90  # ANCOM
        40 shared_cost 801 802 805
        40 toll_free 800
        41 premium 90  # OFCOM (Switzerland)
        41 shared_cost 84
        41 toll_free 800
        41 personal 878
        41 service 51 58 74 86
        420 premium 90  # CTU
        420 shared_cost 81 82 83 84
        420 toll_free 80
        420 personal 700
        43 premium 900 901 930 931 939  # RTR
        43 shared_cost 810 820 821 828
        43 toll_free 80
        44 personal 70  # Ofcom
        44 service 55 76
        44 ordinary 7624  # Isle of Man mobiles, within the pagers' range
        44 toll_free 80
        44 shared_cost 84 87
        44 premium 9
        45 premium 90  # Danish plan
        45 toll_free 80
        46 premium 900 939 944 99  # PTS
        46 shared_cost 77
        46 toll_free 20
        46 personal 75
        46 service 74
        47 premium 82  # Nkom
        47 shared_cost 81
        47 toll_free 80
        47 personal 88
        48 premium 70  # UKE
        48 shared_cost 801 804
        48 toll_free 800
        48 service 64 26
        49 premium 900 137 138 19  # BNetzA
        49 shared_cost 180
        49 toll_free 800
        49 personal 700
        49 service 12 16 18 31 118
        49 ordinary 160 162 163  # mobiles, within the pagers' range
        51 premium 805  # OSIPTEL
        51 shared_cost 801
        51 toll_free 800
        51 personal 80
        52 premium 900  # IFT
        52 shared_cost 300
        52 toll_free 800
        52 personal 500
        54 premium 600 609 605  # ENACOM
        54 shared_cost 810
        54 toll_free 800
        55 premium 900  # Anatel
        55 shared_cost 300 400 401 402 403 404 405 406 407 408 409
        55 toll_free 800
        55 service 500 303
        56 shared_cost 600  # SUBTEL
        56 toll_free 800 1230
        57 premium 1900 1901  # CRC
        57 toll_free 1800
        60 premium 1600  # MCMC
        60 shared_cost 1300
        60 toll_free 1800
        61 premium 19  # ACMA
        61 shared_cost 13
        61 toll_free 180
        61 satellite 145 147
        61 service 16
        62 premium 809  # Kominfo
        62 toll_free 177 800 803 804 806 807
        62 satellite 868
        63 toll_free 1800  # NTC
        64 premium 90  # NZ NAD
        64 toll_free 80 508
        64 personal 70
        65 premium 1900  # IMDA
        65 toll_free 1800
        66 premium 1900  # NBTC
        66 toll_free 1800
        7 premium 803 809  # Mincifry
        7 toll_free 800
        7 shared_cost 801 804
        7 personal 808
        7 satellite 954
        81 premium 990  # MIC
        81 toll_free 120 800
        81 shared_cost 570
        81 service 20
        82 premium 60  # MSIT
        82 toll_free 80
        82 personal 50
        82 service 15
        84 premium 1900  # MIC of Vietnam
        84 toll_free 1800
        852 premium 900  # OFCA
        852 toll_free 800
        852 personal 81 82 83
        86 premium 160/8 168/8  # MIIT
        86 shared_cost 400
        86 toll_free 800
        86 satellite 1349 1740 1749
        886 premium 20  # NCC
        886 toll_free 80
        886 personal 99
        90 premium 900 898  # BTK
        90 toll_free 800 811 822
        90 personal 592
        90 service 512
        91 premium 1867 1900  # DoT
        91 shared_cost 186
        91 toll_free 180
        92 premium 900  # PTA
        92 toll_free 800
        92 personal 122
        966 shared_cost 92  # CST
        966 toll_free 800 811
        971 premium 900  # TDRA
        971 toll_free 800
        971 shared_cost 600 700
        972 premium 190 191  # Ministry of Communications
        972 shared_cost 170
        972 toll_free 180
        """
}
