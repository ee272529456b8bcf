/// What is measured of each frame, and over the frames before it: the numbers that the score is made of.
///
/// Levels are in dB over the floor (the line's noise, or our own echo where that is louder), clamped to -3...40.
struct VoiceFeatures: ~Copyable, Sendable {
    static let count = 64

    /// 0: each band; 1: the same over about 60 ms; 2: over the floor of the last 0.6 s; from 3: `Single` by number.
    private(set) var values = LaneRoom(repeating: .zero, count: 8)
    private(set) var isVoiced = false
    /// The sum of the bins' squared shares of the power from 250 to 3500 Hz, 0...1.
    private(set) var concentration: Float = 0

    /// Features that are one number. Means are exponential: `10` is a time constant of about ten frames.
    enum Single: Int, CaseIterable {
        case middle, low, high, loudest, middleFast, level, periodicity, voicing
        case flatness, peaks, top, flux, crest, change, tilt, lag
        case middle3, middle10, middle25, middle50, periodicity3, voicing10, voicing25, pitchRun
        case voiced10, voiced25, modulation, unrest, rise, duration, decay, since
        case decaySlow, lowest, voicingPeak, highPeak, crestPeak, centroid, centroidUnrest, range
    }

    subscript(_ feature: Single) -> Float {
        @inline(__always) get { values[3 + feature.rawValue / 8][feature.rawValue % 8] }
        @inline(__always) set { values[3 + feature.rawValue / 8][feature.rawValue % 8] = newValue }
    }

    /// What is heard is more than our echo: two bands and more stood over the floor in two of the last three frames, or
    /// nothing of ours can be coming back.
    var isMoreThanEcho: Bool { !echo.isDue || framesOverFloor.nonzeroBitCount >= 2 }
    /// A bit for each of the last three frames.
    private var framesOverFloor: UInt8 = 0

    private var hasHeard = false
    private var smoothed = Lanes(repeating: 0)
    private var noise = NoiseFloor(framesPerWindow: 12, windows: 8)
    private var fastNoise = NoiseFloor(framesPerWindow: 6, windows: 5)
    private(set) var echo = EchoFloor()
    private var logPower = InlineArray<13, Lanes>(repeating: .zero)
    private var totals: (one: Float, two: Float) = (-100, -100)
    private var lag = 0
    private var totalMean: Float = -60
    private var totalVariance: Float = 0
    private var centroidMean: Float = 6
    private var centroidVariance: Float = 0
    private var voicingPeak: Float = 0
    private var peaks: (slow: Float, fast: Float, range: Float, high: Float) = (-3, -3, -3, -3)
    private var lows: (fast: Float, range: Float) = (40, 40)
    private var frames = 0

    /// Levels of the bands in dB relative to a full-scale sine, at least -100: 94-250-500-750-1000-1500-2250-3000-3906 Hz.
    static func bands(of power: UnsafeMutableBufferPointer<Lanes>) -> Lanes {
        let edge = Lanes(0, 0, 0, 1, 1, 1, 1, 1)
        let top = Lanes(1, 1, 1, 1, 1, 0, 0, 0)
        let sums = Lanes(
            (power[0] * edge).total, power[1].total, power[2].total, power[3].total, (power[4] + power[5]).total,
            (power[6] + power[7] + power[8]).total, (power[9] + power[10] + power[11]).total,
            (power[12] + power[13] + power[14] + power[15] * top).total)
        return 3.010_3 * Math.fastLog2(sums + 1e-10)
    }

    /// - Parameter played: the levels of what plays at the caller's; `nil` for silence.
    mutating func process(_ spectrum: PowerSpectrum, played: Lanes?) {
        let heard = Self.bands(of: spectrum.power)
        smoothed = hasHeard ? (smoothed + heard) * 0.5 : heard
        noise.process(smoothed)
        fastNoise.process(smoothed)
        echo.process(played: played, heard: heard, noise: noise.levels)
        let over = (heard - .greater(noise.levels, echo.levels)).within(-3, 40)
        let overFast = (heard - .greater(fastNoise.levels, echo.levels)).within(-3, 40)
        values[0] = over
        values[1] = hasHeard ? values[1] + (over - values[1]) * 0.35 : over
        values[2] = overFast
        let bandsOver = SIMD8<Int32>.zero.replacing(with: 1, where: over .> 0).wrappedSum()
        framesOverFloor = framesOverFloor << 1 & 0b111 | (bandsOver >= 2 ? 1 : 0)
        measureLevels(over, overFast)
        self[.tilt] = (heard[1] + heard[2] - heard[6] - heard[7]) / 2
        measureShape(spectrum)
        measureTime(spectrum)
        measurePitch(spectrum)
        hasHeard = true
    }

    @inline(__always)
    private mutating func follow(_ feature: Single, _ value: Float, _ rate: Float) {
        self[feature] = hasHeard ? self[feature] + (value - self[feature]) * rate : value
    }

    private mutating func measureLevels(_ over: Lanes, _ overFast: Lanes) {
        let middle = (over[1] + over[2] + over[3] + over[4]) / 4
        let high = (over[6] + over[7]) / 2
        self[.middle] = middle
        self[.low] = over[0]
        self[.high] = high
        self[.loudest] = over.greatest
        self[.middleFast] = (overFast[1] + overFast[2] + overFast[3] + overFast[4]) / 4
        follow(.middle3, middle, 0.5)
        follow(.middle10, middle, 0.2)
        follow(.middle25, middle, 0.08)
        follow(.middle50, middle, 0.04)
        follow(.duration, middle > 6 ? 10 : 0, 0.25)
        peaks.fast = max(middle, peaks.fast - 2)
        peaks.slow = max(middle, peaks.slow - 0.5)
        peaks.range = max(middle, peaks.range - 1)
        peaks.high = max(high, peaks.high - 3)
        lows.fast = min(middle, lows.fast + 4)
        lows.range = min(middle, lows.range + 1)
        self[.decay] = middle - peaks.fast
        self[.decaySlow] = middle - peaks.slow
        self[.lowest] = lows.fast
        self[.highPeak] = peaks.high
        self[.range] = peaks.range - lows.range
        let since = middle > 5 ? self[.since] * 3 + 1 : self[.since] * 3 - 3
        self[.since] = min(max(since, 0), 60) / 3
    }

    /// 250 to 3500 Hz.
    private mutating func measureShape(_ spectrum: PowerSpectrum) {
        var (sum, squares, logs, change, moment) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
        var top = Lanes.zero
        let ramp = Lanes(0, 1, 2, 3, 4, 5, 6, 7)
        for vector in 1..<14 {
            let power = spectrum.power[vector] + 1e-11
            sum += power
            squares += power * power
            top = .greater(top, power)
            moment += power * (ramp + Float(vector * 8))
            let log = Math.fastLog2(power)
            logs += log
            let difference = log - logPower[vector - 1]
            change += .greater(difference, -difference)
            logPower[vector - 1] = log
        }
        let total = sum.total
        let logTotal = Math.fastLog2(total)
        let level = 3.010_3 * logTotal
        self[.flatness] = 0.693_147 * (logs.total / 104 - logTotal + 6.700_44)
        concentration = squares.total / (total * total)
        self[.peaks] = 0.693_147 * (Math.fastLog2(squares.total) - 2 * logTotal)
        self[.top] = 10 * top.greatest / total
        follow(.flux, hasHeard ? 0.693_147 * change.total / 104 : 0, 0.4)
        self[.level] = min(max(level, -70), -10)
        if !hasHeard { totals = (level, level); totalMean = level }
        self[.rise] = min(max(level - totals.two, -20), 20)
        follow(.unrest, (level - totals.one).magnitude, 0.2)
        totals = (level, totals.one)
        totalMean += (level - totalMean) * 0.08
        totalVariance += ((level - totalMean) * (level - totalMean) - totalVariance) * 0.08
        self[.modulation] = totalVariance.squareRoot()
        let centroid = moment.total / total * (PowerSpectrum.binWidth / 200)
        if !hasHeard { centroidMean = centroid }
        centroidMean += (centroid - centroidMean) * 0.13
        centroidVariance += ((centroid - centroidMean) * (centroid - centroidMean) - centroidVariance) * 0.13
        self[.centroid] = centroid
        self[.centroidUnrest] = centroidVariance.squareRoot()
    }

    /// Within the frame: the loudest 2 ms against the mean.
    private mutating func measureTime(_ spectrum: PowerSpectrum) {
        var (loudest, sum): (Float, Float) = (0, 0)
        var crossings = SIMD8<Int32>.zero
        for vector in PowerSpectrum.frameVectors {
            let samples = spectrum.window[vector]
            let squares = samples * samples
            let energy = (squares.lowHalf + squares.highHalf).total
            loudest = max(loudest, energy)
            sum += energy
            // Neighbours of unlike sign, as a rough count of crossings.
            let product = samples.evenHalf * samples.oddHalf
            crossings.replace(with: crossings &+ 1, where: product .< 0)
        }
        let crest = 3.010_3 * Math.fastLog2((loudest + 1e-8) / (sum / 10 + 1e-8))
        self[.crest] = crest
        self[.crestPeak] = max(crest, self[.crestPeak] - 2)
        self[.change] = Float(crossings.wrappedSum()) / 4
    }

    /// Autocorrelation of 94 to 940 Hz at lags of 2.5 to 16 ms, by way of the spectrum.
    private mutating func measurePitch(_ spectrum: PowerSpectrum) {
        let middle = self[.middle]
        var best: Float = 0
        var bestLag = lag
        // Where nothing stands over the floor there is no pitch to find.
        if middle > 1 {
            let tables = PitchTables.shared
            var sums = InlineArray<7, Lanes>(repeating: .zero)
            var energy: Float = 1e-12
            for bin in 3..<31 {
                let power = spectrum.power[bin / 8][bin % 8]
                energy += power
                let row = (bin - 3) * 7
                for column in 0..<7 { sums[column] += tables.cosine[row + column] * power }
            }
            for column in 0..<7 {
                let highest = sums[column].greatest
                if highest > best {
                    best = highest
                    for lane in 0..<8 where sums[column][lane] == highest { bestLag = column * 8 + lane }
                }
            }
            best = min(max(best / energy, 0), 1.2)
        }
        let voicing = best * min(max(middle / 10, 0), 1)
        let isSteady = Float((bestLag - lag).magnitude) <= 1 + 0.1 * Float(bestLag + 10)
        lag = bestLag
        isVoiced = best > 0.6 && middle > 3
        self[.periodicity] = best * 10
        self[.voicing] = voicing * 10
        self[.lag] = Float(bestLag) / 2
        follow(.periodicity3, best * 10, 0.5)
        follow(.voicing10, voicing * 10, 0.2)
        follow(.voicing25, voicing * 10, 0.08)
        follow(.pitchRun, isSteady ? voicing * 10 : 0, 0.35)
        follow(.voiced10, isVoiced ? 10 : 0, 0.2)
        follow(.voiced25, isVoiced ? 10 : 0, 0.08)
        voicingPeak = max(voicing * 10, voicingPeak - 1)
        self[.voicingPeak] = voicingPeak
    }

    /// cos(2 pi f lag), with the window's own taper undone: for each bin from 3 to 30 seven vectors of lags.
    private struct PitchTables: Sendable {
        static let shared = PitchTables()
        let cosine: LaneTable

        init() {
            let hann = (0..<256).map { 0.5 - 0.5 * Math.cos(2 * Double.pi * Double($0) / 256) }
            let whole = hann.reduce(0) { $0 + $1 * $1 }
            let undo = (0..<55).map { index in
                let lag = 20 + index * 2
                let taper = (0..<256 - lag).reduce(0) { $0 + hann[$1] * hann[$1 + lag] } / whole
                return Math.exp2(-0.8 * Math.log2(taper))
            }
            var values: [Float] = []
            for bin in 3..<31 {
                for index in 0..<55 {
                    let angle = 2 * Double.pi * Double(bin * (20 + index * 2)) / 256
                    values.append(Float(Math.cos(angle) * undo[index]))
                }
                values.append(0)
            }
            cosine = LaneTable(values)
        }
    }
}
