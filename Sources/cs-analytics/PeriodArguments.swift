import ArgumentParser
import Runtime

extension CivilDate: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
