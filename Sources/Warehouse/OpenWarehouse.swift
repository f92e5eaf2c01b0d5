import Runtime

/// Opens the warehouse at an address; an SQLite file is created where it is absent.
///
/// The schema is not touched: `migrate` brings it up to date. Throws `WarehouseError.unreachable`, and
/// `WarehouseError.newerSchema` where a newer program has migrated the warehouse.
package func openWarehouse(_ address: WarehouseAddress) throws -> any Warehouse {
    switch address.store {
    case .sqlite(let path):
        return try SQLWarehouse(
            displayName: address.description, connect: { try SQLiteConnection(path: path) },
            lock: {
                do {
                    return try FileLock.tryLock(path: path + ".lock").map(HeldLock.init)
                } catch let fault as FileFault {
                    throw WarehouseError.unreachable(address: address.description, message: fault.description)
                }
            })
    case .postgres:
        return try SQLWarehouse(
            displayName: address.description, connect: { try PostgresConnection(address) },
            lock: {
                let session = try PostgresConnection(address)
                let sql = "SELECT CASE WHEN pg_try_advisory_lock(hashtext('cs-analytics'), 1) THEN 1 ELSE 0 END"
                return try session.integer(sql) == 1 ? HeldLock(session) : nil
            })
    }
}

/// Opens the warehouse at `sqlite:PATH`, `postgres://…` or libpq keywords.
package func openWarehouse(address: String) throws -> any Warehouse {
    try openWarehouse(WarehouseAddress(address))
}

/// A lock that lives as long as a file descriptor or a session of the server.
final class HeldLock: WarehouseLock {
    private let holder: AnyObject
    init(_ holder: AnyObject) { self.holder = holder }
}
