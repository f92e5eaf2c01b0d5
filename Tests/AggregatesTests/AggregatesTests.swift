import Testing

@testable import Aggregates
