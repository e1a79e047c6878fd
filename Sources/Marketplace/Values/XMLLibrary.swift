import CLibXML

enum XMLLibrary {
    /// libxml2 sets itself up when it is first used, and two threads that do so at once can wait for each other for ever.
    /// Whoever uses it reads this before, so that one thread does it.
    static let isReady: Void = xmlInitParser()
}
