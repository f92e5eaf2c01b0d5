import Features
import Glibc
import Runtime

/// The models of all series of an early warning, moved on night by night.
struct SeriesPanel {
    /// How far a value is believed to be wrong when it moves a model, in standard deviations.
    private static let bound = 2.5
    /// Variance that a level gains a step, for the slow, the middle and the fast filter; relative to the variance of a
    /// value for measures.
    private static let drift = SIMD4<Double>(1e-4, 1e-3, 1e-2, 1e-2)
    private static let measureDrift = SIMD4<Double>(2.5e-3, 2.5e-2, 0.25, 0.25)
    /// Log-likelihood by which a faster filter must be ahead, and the weight that the past keeps a step.
    private static let advance = SIMD4<Double>(0, 8, 12, 1e9)
    private static let filterMemory = 0.99
    /// Variance that the profile gains a step on which it is looked at.
    private static let profileDrift = 1e-5
    /// Values worth of evidence that the dispersion of all series weighs.
    private static let dispersionPrior = 15.0
    private static let usualDispersion = 0.05
    /// Squared deviation counted at most when a spread is learnt.
    private static let greatestSquare = 9.0
    /// Variance of a level that has to find its place again.
    private static let lostVariance = 0.05
    /// An effect is less certain in another year than its own data say.
    private static let effectWidening = 1.5

    /// What is expected of a series that never was anything but zero.
    private static let nothing = SeriesExpectation(mean: 0.02, family: .count, spread: 0.05, freedom: .infinity)

    private let plan: EarlyWarning
    private let series: [EarlyWarning.Series]
    private let calendar: EventCalendar
    private let period: Int
    private let windows: [Int]
    /// Places of a ring: the longest window.
    private let reach: Int
    /// Steps called in a row that leave the level where it was; after them it is the new normal.
    private let patience: Int
    private let history: Int

    private var states: [SeriesState]
    /// Flat by series and phase.
    private var profile: [Double]
    private var profileVariance: [Double]
    /// Flat by series and set of the calendar; `NaN` until the series first meets it.
    private var effect: [Double]
    private var effectVariance: [Double]
    private var effectPrior: [(mean: Double, variance: Double)?]
    /// Flat by series and place of the ring.
    private var rings: [RecentStep]
    /// Flat by series and window.
    private var windowSums: [Double]
    private var windowWeights: [Double]
    private var pooledWindow: [(sum: Double, weight: Double)]
    private var pooled = (sum: 0.0, weight: 0.0)
    private var countTail: TailCalibration
    private var measureTail: TailCalibration
    private var verdicts: [[EarlyWarning.Verdict?]]
    private var tests: [Test] = []

    /// One value of the night under test.
    private struct Test {
        var series: Int
        var value: Double
        /// On the scale of the model: the logarithm of the mean, or the mean of a real.
        var location: Double
        var mean: Double
        /// Variance of the location: level, profile and effects.
        var uncertainty: Double
        /// Dispersion of a count, variance of a measure.
        var dispersion: Double
        var p = 1.0
        var isJudged = false
        var isCalled = false
    }

    init(_ plan: EarlyWarning, _ series: [EarlyWarning.Series], calendar: EventCalendar) {
        self.plan = plan
        self.series = series
        self.calendar = calendar
        period = max(1, plan.period)
        windows = plan.windows.filter { $0 > 1 }.sorted()
        reach = max(1, windows.last ?? 1)
        patience = min(28, max(4, 2 * period))
        history = min(60, max(14, 3 * period))
        let count = series.count
        states = Array(repeating: SeriesState(), count: count)
        profile = Array(repeating: 0, count: count * period)
        profileVariance = profile
        effect = Array(repeating: .nan, count: count * calendar.sets.count)
        effectVariance = effect
        effectPrior = Array(repeating: nil, count: calendar.sets.count)
        rings = Array(repeating: RecentStep(), count: count * reach)
        windowSums = Array(repeating: 0, count: count * windows.count)
        windowWeights = windowSums
        pooledWindow = Array(repeating: (0, 0), count: windows.count)
        // The least of several p-values is small more often than one alone.
        let share = 1 + 0.4 * Double(windows.count)
        countTail = TailCalibration(share: share, rate: 0.8)
        measureTail = TailCalibration(share: share, rate: 0.8)
        verdicts = series.map { Array(repeating: nil, count: $0.values.count) }
        for index in series.indices { states[index].family = series[index].family }
    }

    // MARK: one night

    mutating func night(_ step: Int) {
        let sets = calendar.isEmpty ? [] : calendar.sets(on: CivilDate(daysSinceEpoch: Int32(clamping: step)))
        let phase = ((step % period) + period) % period
        gather(step, phase: phase)
        if !sets.isEmpty { meet(sets, phase: phase) }
        for index in tests.indices { expect(index, step: step, phase: phase, sets: sets) }
        decide(isQuiet: sets.isEmpty)
        for index in tests.indices { learn(index, step: step, phase: phase, sets: sets) }
    }

    /// Takes the values of the night; a series without one grows less certain.
    private mutating func gather(_ step: Int, phase: Int) {
        tests.removeAll(keepingCapacity: true)
        for index in series.indices {
            let offset = step - series[index].start
            guard offset >= 0, offset < series[index].values.count else { continue }
            let value = series[index].values[offset]
            guard value.isFinite else {
                states[index].pass()
                rings[index * reach + place(step)] = RecentStep()
                continue
            }
            guard states[index].isReady else {
                begin(index, step: step, value: value)
                continue
            }
            tests.append(Test(series: index, value: value, location: 0, mean: 0, uncertainty: 0, dispersion: 0))
        }
    }

    /// Collects the first values, and with enough of them lets the model run over them.
    private mutating func begin(_ index: Int, step: Int, value: Double) {
        // A queue that does not exist yet counts zero, and its first cases are no alarm.
        if states[index].early.isEmpty, value == 0, states[index].family != .real {
            states[index].zeros += 1
            if states[index].zeros > 2 * period {
                verdicts[index][step - series[index].start] = EarlyWarning.Verdict(
                    expectation: SeriesPanel.nothing, score: 0, pValue: nil, isAnomaly: false)
            }
            return
        }
        states[index].early.append((step, value))
        guard states[index].early.count >= (period <= 31 ? max(2 * period, 10) : 14) else { return }
        let early = states[index].early
        states[index].early = []
        states[index].start(early.map(\.value), drift: SeriesPanel.drift, measureDrift: SeriesPanel.measureDrift)
        if period > 1 { startProfile(index, early) }
        states[index].known = early.count
    }

    /// The profile of the first values: what each phase has against the level, drawn to nothing where it says little.
    private mutating func startProfile(_ index: Int, _ early: [(step: Int, value: Double)]) {
        let state = states[index]
        let isCount = state.family == .count
        var sums = Array(repeating: 0.0, count: period)
        var visits = sums
        for (step, value) in early {
            let phase = ((step % period) + period) % period
            sums[phase] += isCount ? state.bounded(value) : state.coordinate(value) - state.level
            visits[phase] += 1
        }
        for phase in 0..<period {
            let flat = index * period + phase
            if isCount {
                let expected = exp(state.level) * visits[phase]
                profile[flat] = log((sums[phase] + 0.5) / (expected + 0.5))
                let own = (1 / max(sums[phase], 0.3) + SeriesPanel.usualDispersion / max(visits[phase], 0.3))
                profileVariance[flat] = visits[phase] > 0 ? min(own + 0.01, 0.5) : 0.15
            } else {
                profile[flat] = sums[phase] / (visits[phase] + 0.5)
                profileVariance[flat] = 2 * state.unit / (visits[phase] + 1)
            }
        }
    }

    private func place(_ step: Int) -> Int { ((step % reach) + reach) % reach }

    /// Location and uncertainty of a test from level and profile alone.
    private mutating func fill(_ index: Int, phase: Int) {
        let item = tests[index].series
        let state = states[item]
        let flat = item * period + phase
        tests[index].location = state.level + profile[flat]
        tests[index].uncertainty = state.variance + profileVariance[flat]
        tests[index].dispersion = dispersion(of: item)
    }

    private func dispersion(of item: Int) -> Double {
        let state = states[item]
        guard state.family == .count else {
            let prior = SeriesPanel.dispersionPrior
            return max(
                (state.spreadSum + prior * state.unit) / (state.spreadWeight + prior), 0.01 * state.unit,
                state.leastVariance)
        }
        let usual = usualDispersion
        let prior = SeriesPanel.dispersionPrior / (usual * usual)
        return min(max((state.spreadSum + prior * usual) / (state.spreadWeight + prior), 0.0005), 3)
    }

    private var usualDispersion: Double {
        // A hundred values of a middling series are a start.
        let prior = 100 / (SeriesPanel.usualDispersion * SeriesPanel.usualDispersion)
        let usual = (pooled.sum + prior * SeriesPanel.usualDispersion) / (pooled.weight + prior)
        return min(max(usual, 0.002), 1)
    }

    // MARK: calendar

    /// What a set of days does to all series together, from this very night, for series that never met it.
    private mutating func meet(_ sets: [Int], phase: Int) {
        for index in tests.indices { fill(index, phase: phase) }
        for set in sets where effectPrior[set] == nil {
            var observed = 0.0
            var expected = 0.0
            for test in tests where states[test.series].family == .count {
                observed += test.value
                expected += exp(test.location)
            }
            guard expected > 0 else { continue }
            let mean = min(max(log(max(observed, 0.5) / expected), -4), 4)
            var excess = 0.0
            var weight = 0.0
            for test in tests where states[test.series].family == .count {
                let m = exp(test.location + mean)
                let own = test.dispersion + test.uncertainty
                let square = ((test.value - m) * (test.value - m) - m) / (m * m) - own
                let share = 1 / ((1 / m + own + 0.1) * (1 / m + own + 0.1))
                excess += share * min(square, 4)
                weight += share
            }
            effectPrior[set] = (mean, max(0.02, weight > 0 ? excess / weight : 0.02))
        }
        for index in tests.indices { adopt(index, sets: sets) }
    }

    /// A series that meets a set for the first time takes what all of them make of it.
    private mutating func adopt(_ index: Int, sets: [Int]) {
        let item = tests[index].series
        for set in sets {
            let flat = item * calendar.sets.count + set
            guard effect[flat].isNaN else { continue }
            if states[item].family == .count, let prior = effectPrior[set] {
                effect[flat] = prior.mean
                effectVariance[flat] = prior.variance
            } else {
                effect[flat] = 0
                effectVariance[flat] = states[item].family == .count ? 0.3 : 4 * states[item].unit
            }
        }
    }

    // MARK: expectation and evidence

    private mutating func expect(_ index: Int, step: Int, phase: Int, sets: [Int]) {
        fill(index, phase: phase)
        let item = tests[index].series
        let isCount = states[item].family == .count
        var shape = profile[item * period + phase]
        var effectDeviation = 0.0
        for set in sets {
            let flat = item * calendar.sets.count + set
            guard effect[flat].isFinite else { continue }
            tests[index].location += effect[flat]
            let variance = SeriesPanel.effectWidening * effectVariance[flat]
            tests[index].uncertainty += variance
            shape += effect[flat]
            effectDeviation += variance.squareRoot()
        }
        let state = states[item]
        tests[index].mean = isCount ? max(exp(tests[index].location), 1e-3) : state.value(tests[index].location)
        let test = tests[index]
        rings[item * reach + place(step)] = RecentStep(
            value: isCount ? test.value : state.coordinate(test.value), shape: isCount ? exp(shape) : shape,
            level: isCount ? exp(state.level) : state.level, effectDeviation: effectDeviation, isKnown: true,
            isUsable: true)
        guard state.known >= history else { return }
        let p = expectation(test).pValue(test.value)
        tests[index].p = min(p, together(test, step: step, p: p, isQuiet: sets.isEmpty))
        tests[index].isJudged = true
    }

    private func expectation(_ test: Test) -> SeriesExpectation {
        let state = states[test.series]
        switch state.family ?? .real {
        case .count:
            return SeriesExpectation(
                mean: test.mean, family: .count, spread: test.dispersion + test.uncertainty, freedom: .infinity)
        case let family:
            return SeriesExpectation(
                mean: test.mean, family: family, spread: (test.dispersion + test.uncertainty).squareRoot(),
                freedom: state.freedom)
        }
    }

    /// The least p-value of the last few steps taken together, as forecast from before the first of them.
    ///
    /// Only steps that were not called themselves count, and only where the last one lies on the same side: so a spike
    /// that has been called does not echo. What is left between forecast and sum (drift included) is learnt by window.
    private mutating func together(_ test: Test, step: Int, p: Double, isQuiet: Bool) -> Double {
        let item = test.series
        let isCount = states[item].family == .count
        let isAbove = test.value >= test.mean
        // One-sided p of the last step under 0.3, else the deviation has ended.
        let isGoingOn = p < 0.6
        var least = 1.0
        var sum = 0.0
        var shapes = 0.0
        var effects = 0.0
        var back = 0
        for (window, length) in windows.enumerated() {
            while back < length {
                let recent = rings[item * reach + place(step - back)]
                guard recent.isUsable else { return least }
                sum += recent.value
                shapes += recent.shape
                effects += (isCount ? recent.shape : 1) * recent.effectDeviation
                back += 1
            }
            let level = rings[item * reach + place(step - length + 1)].level
            let flat = item * windows.count + window
            if isCount {
                let expected = max(level * shapes, 1e-3)
                let usual = usualDispersion / Double(length)
                let prior = SeriesPanel.dispersionPrior / (usual * usual)
                let pool = pooledWindow[window]
                let middle = pool.weight > 100 / (usual * usual) ? pool.sum / pool.weight : usual
                let learnt = (windowSums[flat] + prior * middle) / (windowWeights[flat] + prior)
                let dispersion = min(max(learnt, 0.0003), 3)
                let effect = effects * level / expected
                let difference = sum - expected
                let variance = expected + (dispersion + effect * effect) * expected * expected
                if isGoingOn, (difference >= 0) == isAbove, difference * difference > 4 * variance {
                    least = min(
                        least,
                        2
                            * TailProbability.midTail(
                                sum, mean: expected, dispersion: dispersion + effect * effect))
                }
                if isQuiet, states[item].known >= 60 {
                    let share = 1 / ((1 / expected + usual) * (1 / expected + usual))
                    let own = 1 / expected + dispersion
                    let square = min(
                        difference * difference / (own * expected * expected), SeriesPanel.greatestSquare)
                    let excess = square * own - 1 / expected
                    windowSums[flat] += share * excess
                    windowWeights[flat] += share
                    pooledWindow[window].sum += share * excess
                    pooledWindow[window].weight += share
                }
            } else {
                let expected = level * Double(length) + shapes
                let difference = sum - expected
                let usual = test.dispersion * Double(length) * (1 + 0.1 * Double(length))
                let prior = SeriesPanel.dispersionPrior
                let own = (windowSums[flat] + prior * usual) / (windowWeights[flat] + prior)
                let variance = own + effects * effects
                if isGoingOn, (difference >= 0) == isAbove, difference * difference > 4 * variance {
                    least = min(
                        least,
                        TailProbability.twoSidedStudent(
                            difference / variance.squareRoot(), freedom: states[item].freedom))
                }
                if isQuiet, states[item].known >= 60 {
                    windowSums[flat] += min(difference * difference, SeriesPanel.greatestSquare * own)
                    windowWeights[flat] += 1
                }
            }
        }
        return least
    }

    // MARK: decision

    private mutating func decide(isQuiet: Bool) {
        var counts: [Double] = []
        var measures: [Double] = []
        var judged: [Int] = []
        for index in tests.indices where tests[index].isJudged {
            let isCount = states[tests[index].series].family == .count
            let raw = tests[index].p
            if isCount { counts.append(raw) } else { measures.append(raw) }
            tests[index].p = (isCount ? countTail : measureTail).calibrated(raw)
            judged.append(index)
        }
        let called = FalseDiscovery.called(judged.map { tests[$0].p }, q: plan.falseDiscoveryRate)
        var calls = 0
        for (position, index) in judged.enumerated() where called[position] && tests[index].p <= plan.greatestPValue {
            tests[index].isCalled = true
            calls += 1
        }
        // A night on which much of everything is unusual says nothing about the tail of usual nights.
        guard isQuiet, calls * 50 < max(judged.count, 50) else { return }
        countTail.add(counts)
        measureTail.add(measures)
    }

    // MARK: learning

    private mutating func learn(_ index: Int, step: Int, phase: Int, sets: [Int]) {
        let test = tests[index]
        let item = test.series
        let isCount = states[item].family == .count
        let expectation = expectation(test)
        if test.isJudged || states[item].known >= 2 * period {
            verdicts[item][step - series[item].start] = EarlyWarning.Verdict(
                expectation: expectation, score: expectation.deviation(test.value),
                pValue: test.isJudged ? test.p : nil, isAnomaly: test.isCalled)
        }
        // Error on the scale of the model, and the variance that a value of this size has there.
        let error = isCount ? (test.value - test.mean) / test.mean : states[item].coordinate(test.value) - test.location
        let noise = isCount ? 1 / test.mean + test.dispersion : test.dispersion
        let total = noise + test.uncertainty
        let isHeld = test.isCalled && states[item].held < patience
        let isLost = test.isCalled && !isHeld
        states[item].note(isCalled: test.isCalled)
        if test.isCalled { rings[item * reach + place(step)].isUsable = false }
        if isLost, settle(item) { return }

        let deviation = error / total.squareRoot()
        let bounded = min(max(deviation, -SeriesPanel.bound), SeriesPanel.bound) * total.squareRoot()
        if isCount {
            states[item].moveCount(
                test.value, mean: test.mean, rest: test.uncertainty - states[item].variance,
                dispersion: test.dispersion, isHeld: isHeld, isLost: isLost, bound: SeriesPanel.bound,
                drift: SeriesPanel.drift, lost: SeriesPanel.lostVariance, memory: SeriesPanel.filterMemory,
                advance: SeriesPanel.advance)
        } else {
            states[item].moveMeasure(
                error, rest: test.uncertainty - states[item].variance, noise: noise, isHeld: isHeld, isLost: isLost,
                bound: SeriesPanel.bound, drift: SeriesPanel.measureDrift, memory: SeriesPanel.filterMemory,
                advance: SeriesPanel.advance)
        }
        let flat = item * period + phase
        if !isHeld {
            let gain = profileVariance[flat] / total
            profile[flat] += gain * bounded
            profileVariance[flat] *= 1 - gain
            for set in sets {
                let flat = item * calendar.sets.count + set
                guard effect[flat].isFinite else { continue }
                let gain = effectVariance[flat] / total
                effect[flat] += gain * bounded
                effectVariance[flat] *= 1 - gain
            }
        }
        if period > 1 { profileVariance[flat] += SeriesPanel.profileDrift * (isCount ? 1 : 25 * states[item].unit) }
        states[item].known += 1

        guard sets.isEmpty, !test.isCalled else { return }
        let square = min(deviation * deviation, SeriesPanel.greatestSquare)
        if isCount {
            guard states[item].known > 28 else { return }
            let share = 1 / (noise * noise)
            let excess = square * total - 1 / test.mean - test.uncertainty
            states[item].spreadSum += share * excess
            states[item].spreadWeight += share
            pooled.sum += share * excess
            pooled.weight += share
        } else if states[item].known > 14 {
            states[item].spreadSum += max(square * total - test.uncertainty, 0.1 * square * total)
            states[item].spreadWeight += 1
            if states[item].spreadWeight > 400 {
                states[item].spreadSum *= 0.5
                states[item].spreadWeight *= 0.5
            }
        }
    }

    /// A deviation that has lasted longer than patience is the new normal: the level of the last steps. Nothing where
    /// they hold no level.
    private mutating func settle(_ item: Int) -> Bool {
        let isCount = states[item].family == .count
        var values = 0.0
        var shapes = 0.0
        var steps = 0.0
        for recent in rings[(item * reach)..<((item + 1) * reach)] where recent.isKnown {
            values += recent.value
            shapes += recent.shape
            steps += 1
        }
        guard steps >= 3, !isCount || shapes > 0 else { return false }
        if isCount {
            states[item].settle(at: log((values + 0.5) / (shapes + 0.5)), variance: SeriesPanel.lostVariance)
        } else {
            states[item].settle(at: (values - shapes) / steps, variance: states[item].unit)
        }
        states[item].known += 1
        return true
    }

    // MARK: the end

    func finish() -> [EarlyWarning.Judged] {
        series.indices.map { index in
            EarlyWarning.Judged(verdicts: verdicts[index], ahead: ahead(index))
        }
    }

    private func ahead(_ index: Int) -> [SeriesExpectation] {
        let state = states[index]
        guard plan.horizon > 0, state.isReady, let family = state.family else {
            let isNothing = state.zeros > 2 * period && state.early.isEmpty
            return isNothing ? Array(repeating: SeriesPanel.nothing, count: plan.horizon) : []
        }
        guard state.known >= 2 * period else { return [] }
        let end = series[index].start + series[index].values.count
        return (0..<plan.horizon).map { distance in
            let step = end + distance
            let phase = ((step % period) + period) % period
            var location = state.level + profile[index * period + phase]
            var uncertainty = state.variance + profileVariance[index * period + phase]
            if !calendar.isEmpty {
                for set in calendar.sets(on: CivilDate(daysSinceEpoch: Int32(clamping: step))) {
                    let flat = index * calendar.sets.count + set
                    if effect[flat].isFinite {
                        location += effect[flat]
                        uncertainty += SeriesPanel.effectWidening * effectVariance[flat]
                    } else if family == .count, let prior = effectPrior[set] {
                        location += prior.mean
                        uncertainty += prior.variance
                    }
                }
            }
            uncertainty += Double(distance) * state.driftAStep
            let dispersion = dispersion(of: index)
            return SeriesExpectation(
                mean: family == .count ? max(exp(location), 1e-3) : state.value(location), family: family,
                spread: family == .count ? dispersion + uncertainty : (dispersion + uncertainty).squareRoot(),
                freedom: family == .count ? .infinity : state.freedom)
        }
    }
}
