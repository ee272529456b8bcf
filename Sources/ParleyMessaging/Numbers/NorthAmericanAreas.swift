extension NumberingPlan {
    /// Area codes of the North American Numbering Plan, by state, province or country.
    ///
    /// Held against libphonenumber's metadata 9.0.43, which agrees on the country of each code and has none of 357, 436, 457, 465, 471,
    /// 483, 621, 624, 679, 729, 837, 861 and 924; NANPA's own lists were not at hand. Sure: the country of the codes that both have. Fairly sure: zones, where an area
    /// that touches a boundary lists both, also where the other clock is kept by custom only. Codes newer than the
    /// table are not in it and belong to nowhere, which closes them.
    static let northAmericanAreas = """
        US-AL Chicago: 205 251 256 334 483 659 938
        US-AK Anchorage Adak: 907
        US-AZ Phoenix: 480 520 602 623
        US-AZ Phoenix Denver: 928  # the Navajo Nation changes its clocks
        US-AR Chicago: 327 479 501 870
        US-CA Los_Angeles: 209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 626 628 650
        US-CA Los_Angeles: 657 661 669 707 714 738 747 760 805 818 820 831 837 840 858 909 916 925 949 951
        US-CO Denver: 303 719 720 748 970 983
        US-CT New_York: 203 475 860 959
        US-DE New_York: 302
        US-DC New_York: 202 771
        US-FL New_York: 239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786 813 863 904 941 954
        US-FL New_York Chicago: 448 850
        US-GA New_York: 229 404 470 478 678 706 762 770 912 943
        US-HI Pacific/Honolulu: 808
        US-ID Denver Los_Angeles: 208 986
        US-IL Chicago: 217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872
        US-IN New_York: 260 317 463 765
        US-IN New_York Chicago: 219 574 812 930
        US-IA Chicago: 319 515 563 641 712
        US-KS Chicago: 316 913
        US-KS Chicago Denver: 620 785
        US-KY New_York: 502 859
        US-KY New_York Chicago: 270 364 606
        US-LA Chicago: 225 318 337 457 504 985
        US-ME New_York: 207
        US-MD New_York: 227 240 301 410 443 667
        US-MA New_York: 339 351 413 508 617 774 781 857 978
        US-MI New_York: 231 248 269 313 517 586 616 679 734 810 947 989
        US-MI New_York Chicago: 906
        US-MN Chicago: 218 320 507 612 651 763 924 952
        US-MS Chicago: 228 471 601 662 769
        US-MO Chicago: 235 314 417 557 573 636 660 816 975
        US-MT Denver: 406
        US-NE Chicago: 402 531
        US-NE Chicago Denver: 308
        US-NV Los_Angeles: 702 725
        US-NV Los_Angeles Denver: 775
        US-NH New_York: 603
        US-NJ New_York: 201 551 609 640 732 848 856 862 908 973
        US-NM Denver: 505 575
        US-NY New_York: 212 315 329 332 347 363 465 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934
        US-NC New_York: 252 336 472 704 743 828 910 919 980 984
        US-ND Chicago Denver: 701
        US-OH New_York: 216 220 234 283 326 330 380 419 436 440 513 567 614 740 937
        US-OK Chicago: 405 539 572 918
        US-OK Chicago Denver: 580
        US-OR Los_Angeles: 503 971
        US-OR Los_Angeles Denver: 458 541
        US-PA New_York: 215 223 267 272 412 445 484 570 582 610 717 724 814 835 878
        US-RI New_York: 401
        US-SC New_York: 803 821 839 843 854 864
        US-SD Chicago Denver: 605
        US-TN Chicago: 615 629 731 901
        US-TN New_York: 865
        US-TN New_York Chicago: 423 729 931
        US-TX Chicago: 210 214 254 281 325 346 361 409 430 469 512 621 682 713 726 737 806 817 830 832 903 936
        US-TX Chicago: 940 945 956 972 979
        US-TX Denver Chicago: 432 915
        US-UT Denver: 385 435 801
        US-VT New_York: 802
        US-VA New_York: 276 434 540 571 686 703 757 804 826 948
        US-WA Los_Angeles: 206 253 360 425 509 564
        US-WV New_York: 304 681
        US-WI Chicago: 262 274 353 414 534 608 715 920
        US-WY Denver: 307
        CA-AB Edmonton: 368 403 587 780 825
        CA-BC Vancouver Edmonton Dawson_Creek: 236 250 257 672 778  # the east keeps Mountain time
        CA-BC Vancouver: 604
        CA-MB Winnipeg: 204 431 584
        CA-NB Halifax: 428 506
        CA-NL St_Johns Halifax: 709 879
        CA Halifax: 782 902  # Nova Scotia and Prince Edward Island
        CA-ON Toronto: 226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 905 942
        CA-ON Toronto Winnipeg Atikokan: 807
        CA-QC Toronto: 263 354 438 450 468 514 579 819 873
        CA-QC Toronto Halifax Blanc-Sablon: 273 367 418 581
        CA-SK Regina Edmonton: 306 474 639
        CA Whitehorse Edmonton Winnipeg Toronto Atikokan: 867  # the three territories
        AG Antigua: 268
        AI Anguilla: 264
        AS Pacific/Pago_Pago: 684
        BB Barbados: 246
        BM Atlantic/Bermuda: 441
        BS Nassau: 242
        DM Dominica: 767
        DO Santo_Domingo: 809 829 849
        GD Grenada: 473
        GU Pacific/Guam: 671
        JM Jamaica: 658 876
        KN St_Kitts: 869
        KY Cayman: 345
        LC St_Lucia: 758
        MP Pacific/Saipan: 670
        MS Montserrat: 664
        PR Puerto_Rico: 787 939
        SX Lower_Princes: 721
        TC Grand_Turk: 649
        TT Port_of_Spain: 868
        VC St_Vincent: 784
        VG Tortola: 284
        VI St_Thomas: 340
        """
}
