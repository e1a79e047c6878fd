import Foundation

/// Checks the members of a JSON object one by one and collects all that is wrong with them.
struct FieldChecker {
    let object: [String: Any]
    /// In front of a member's name, such as `items[2].`.
    let place: String
    private(set) var problems: [FieldProblem] = []

    init(_ object: [String: Any], at place: String = "") {
        self.object = object
        self.place = place
    }

    /// Given and not null.
    func has(_ name: String) -> Bool { object[name].map { !($0 is NSNull) } ?? false }

    mutating func refuse(_ name: String, _ reason: String) {
        problems.append(FieldProblem(place + name, reason))
    }

    mutating func take(_ others: [FieldProblem]) { problems += others }

    mutating func allow(_ names: Set<String>) {
        for name in object.keys.sorted() where !names.contains(name) {
            refuse(String(name.prefix(100)), "There is no such field.")
        }
    }

    mutating func text(_ name: String, limit: Int = 500, required: Bool = false) -> String? {
        guard has(name) else {
            if required { refuse(name, "This field is missing.") }
            return nil
        }
        guard let text = object[name] as? String else { return refused(name, "It must be a text.") }
        guard !text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty else {
            return refused(name, "It is empty.")
        }
        guard text.utf8.count <= limit else { return refused(name, "It is longer than \(limit) bytes.") }
        guard !text.contains("\0") else { return refused(name, "It holds a NUL character.") }
        return text
    }

    mutating func choice(_ name: String, of values: [String], required: Bool = false) -> String? {
        guard let text = text(name, required: required) else { return nil }
        guard values.contains(text) else {
            return refused(name, "'\(text.prefix(60))' is not one of \(values.joined(separator: ", ")).")
        }
        return text
    }

    mutating func truth(_ name: String, required: Bool = false) -> Bool? {
        guard has(name) else {
            if required { refuse(name, "This field is missing.") }
            return nil
        }
        guard let number = object[name] as? NSNumber, CFBooleanType.isBoolean(number) else {
            return refused(name, "It must be true or false.")
        }
        return number.boolValue
    }

    mutating func wholeNumber(_ name: String) -> Int? {
        guard has(name) else { return nil }
        guard let number = object[name] as? NSNumber, !CFBooleanType.isBoolean(number),
            let whole = Int(exactly: number.doubleValue), (1...1_000_000).contains(whole)
        else { return refused(name, "It must be a whole number from 1 to 1000000.") }
        return whole
    }

    /// A list of at least one text, each once.
    mutating func texts(_ name: String, matching pattern: String? = nil, form: String = "") -> [String]? {
        guard has(name) else { return nil }
        guard let list = object[name] as? [String], !list.isEmpty, list.count <= 200 else {
            return refused(name, "It must be a list of 1 to 200 texts.")
        }
        for (index, text) in list.enumerated() {
            if text.trimmingCharacters(in: .whitespaces).isEmpty || text.utf8.count > 500 || text.contains("\0") {
                refuse("\(name)[\(index)]", "It must be a text of 1 to 500 bytes.")
            } else if let pattern, text.range(of: pattern, options: .regularExpression) == nil {
                refuse("\(name)[\(index)]", "'\(text.prefix(40))' is not \(form).")
            } else if list.firstIndex(of: text) != index {
                refuse("\(name)[\(index)]", "'\(text.prefix(40))' is there twice.")
            }
        }
        return list
    }

    /// A list of at least one object, each checked on its own.
    mutating func objects(
        _ name: String, required: Bool = false, _ check: (inout FieldChecker) -> [String: Any]
    ) -> [[String: Any]]? {
        guard has(name) else {
            if required { refuse(name, "This field is missing.") }
            return nil
        }
        guard let list = object[name] as? [[String: Any]], !list.isEmpty, list.count <= 2_000 else {
            return refused(name, "It must be a list of 1 to 2000 objects.")
        }
        return list.enumerated().map { index, element in
            var checker = FieldChecker(element, at: "\(place)\(name)[\(index)].")
            let checked = check(&checker)
            take(checker.problems)
            return checked
        }
    }

    private mutating func refused<T>(_ name: String, _ reason: String) -> T? {
        refuse(name, reason)
        return nil
    }
}

/// JSON's true and false come as numbers; only their type tells them from 1 and 0.
private enum CFBooleanType {
    static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
