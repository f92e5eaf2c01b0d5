import Testing

@testable import Warehouse

@Suite("Addresses")
struct WarehouseAddressTests {
    @Test(
        "addresses are shown without passwords",
        arguments: [
            ("sqlite:a.sqlite", "sqlite:a.sqlite"),
            ("sqlite:///var/lib/w.sqlite", "sqlite:/var/lib/w.sqlite"),
            ("postgres://u:secret@h:5/db?sslmode=verify-full", "postgres://u@h:5/db?sslmode=verify-full"),
            ("postgresql://u@h/db", "postgresql://u@h/db"),
            ("postgresql:///db?host=/tmp&password=secret", "postgresql:///db?host=/tmp"),
            ("postgresql:///db?password=secret", "postgresql:///db"),
            (
                "postgres://u:secret@a:1,b:2/db?target_session_attrs=read-write",
                "postgres://u@a:1,b:2/db?target_session_attrs=read-write"
            ),
            (
                "host=a,b port=1,2 dbname=d password=secret sslmode=require",
                "host=a,b port=1,2 dbname=d sslmode=require"
            ),
            ("password='sec ret\\'x' host=h", "host=h"),
            ("host = h password = secret user = u", "host=h user=u"),
        ])
    func display(_ given: String, _ shown: String) throws {
        let address = try WarehouseAddress(given)
        #expect(address.description == shown)
        #expect(!address.description.contains("secret"))
        if case .postgres = address.store { #expect(address.connectionString == given) }
    }

    @Test(
        "addresses that cannot be understood are refused without their passwords",
        arguments: [
            "", "warehouse.sqlite", "sqlite:", "sqlite::memory:", "sqlite:folder/", "mysql://h/db",
            "postgres://u:secret@h:5:6:7/%zz", "postgres://u:secret@[h/db", "nokey=1 password=secret", "host='open",
            "host=h password=secret dangling",
        ])
    func refusal(_ given: String) {
        let error = #expect(throws: WarehouseError.self) { try WarehouseAddress(given) }
        guard case .badAddress = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("secret") == false)
        #expect(error?.description.contains("expected postgres://") == true)
    }
}
