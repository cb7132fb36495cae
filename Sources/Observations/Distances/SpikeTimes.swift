/// What the interval measures see of a spike train.
enum SpikeTimes {
  /// The train without what lies outside the interval and without repetitions; the same array where there is neither.
  static func cleaned(_ train: [Double], _ interval: ClosedRange<Double>) -> [Double] {
    guard let first = train.first, let last = train.last else { return train }
    var isClean = first >= interval.lowerBound && last <= interval.upperBound
    for i in 1..<train.count where train[i - 1] >= train[i] { isClean = false }
    if isClean { return train }
    var times: [Double] = []
    for time in train where interval.contains(time) && time != times.last { times.append(time) }
    return times
  }
}
