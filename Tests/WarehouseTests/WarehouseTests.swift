import Testing

@testable import Warehouse
