/// The sum of the two middle values as the authors' decomposition program finds it.
///
/// That program sorts only as far as the two middle places need it and names the upper place first. Where a split falls
/// exactly between them one part stays unsorted, and its value is not quite the median's. Robustness
/// weights rest on this sum, so equal results need an equal sum.
struct MiddleOrderStatistics {
    private var values: [Double]
    /// The wanted places counted from 1, the upper one first.
    private let wanted: [Int]

    /// - Parameter values: at least two.
    static func sum(_ values: [Double]) -> Double {
        let upper = values.count / 2 + 1
        let lower = values.count - upper + 1
        var sorter = MiddleOrderStatistics(values: values, wanted: [upper, lower])
        sorter.settle(0, values.count - 1, 0, 1)
        return sorter.values[upper - 1] + sorter.values[lower - 1]
    }

    /// Sorts `values[low ... high]` as far as the wanted places `first ... last` ask for it.
    private mutating func settle(_ low: Int, _ high: Int, _ first: Int, _ last: Int) {
        var (low, high, first, last) = (low, high, first, last)
        while first <= last && low < high {
            if high - low <= 10 && low > 0 {
                insert(low, high)
                return
            }
            let (end, start) = split(low, high)
            if end - low <= high - start {
                let all = last
                while first <= last && wanted[last] > end + 1 { last -= 1 }
                if first > last {
                    (low, last) = (start, all)
                } else {
                    settle(start, high, last + 1, all)
                    high = end
                }
            } else {
                let all = first
                while first <= last && wanted[first] < start + 1 { first += 1 }
                if first > last {
                    (high, first) = (end, all)
                } else {
                    settle(low, end, all, first - 1)
                    low = start
                }
            }
        }
    }

    /// Splits at the median of the first, middle and last value: nothing up to `end` is above anything from `start`.
    private mutating func split(_ low: Int, _ high: Int) -> (end: Int, start: Int) {
        // Places counted from 1 decide which value is the middle one.
        let middle = (low + high + 2) / 2 - 1
        if values[low] > values[middle] { values.swapAt(low, middle) }
        if values[high] < values[middle] {
            values.swapAt(high, middle)
            if values[low] > values[middle] { values.swapAt(low, middle) }
        }
        let pivot = values[middle]
        var start = low
        var end = high
        while true {
            repeat { end -= 1 } while values[end] > pivot
            repeat { start += 1 } while values[start] < pivot
            if start > end { return (end, start) }
            values.swapAt(start, end)
        }
    }

    private mutating func insert(_ low: Int, _ high: Int) {
        for place in low + 1...high {
            let value = values[place]
            var hole = place
            while hole > low && values[hole - 1] > value {
                values[hole] = values[hole - 1]
                hole -= 1
            }
            values[hole] = value
        }
    }
}
