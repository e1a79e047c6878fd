/// Conditions of use as the rules of a policy of ODRL 2.2: the permission to use, what restricts it and what has to be done
/// for it, and whether the thing may be passed on.
struct PolicyRules {
    let policy: Term
    let target: Term
    var assigner: Term?
    let conditions: [ExportedEntry.StatedCondition]

    /// - Returns: the permission to use.
    func add(to graph: inout Graph) -> Term {
        let use = addRule("permission", "Permission", "use", to: &graph)
        for condition in conditions { add(condition, to: use, in: &graph) }
        return use
    }

    private func add(_ condition: ExportedEntry.StatedCondition, to use: Term, in graph: inout Graph) {
        let node: Term
        switch (condition.kind, condition.value) {
        case ("purpose", let value?): node = graph.constrain(use, "purpose", "isAnyOf", value.literals)
        case ("region", let value?): node = graph.constrain(use, "spatial", "isAnyOf", value.literals)
        case ("sector", let value?): node = graph.constrain(use, "industry", "isAnyOf", value.literals)
        case ("qualification", let value?): node = graph.constrain(use, "recipient", "isAllOf", value.literals)
        case ("retention", .days(let days)?):
            node = graph.demand("delete", of: use)
            graph.constrain(node, "elapsedTime", "lteq", [.typed("P\(days)D", datatype: XSD.duration)])
        case ("redistribution", .level("forbidden")?):
            node = addRule("prohibition", "Prohibition", "distribute", to: &graph)
        case ("redistribution", .level(let word)?):
            node = addRule("permission", "Permission", "distribute", to: &graph)
            if word == "with_consent" { graph.demand("obtainConsent", of: node) }
        case ("fee", .level(let word)?) where word != "free": node = graph.demand("compensate", of: use)
        // What is free of charge demands nothing.
        default: return
        }
        graph.add(node, DMT.basis, condition.basis.map { .literal($0) })
    }

    private func addRule(_ property: String, _ type: String, _ action: String, to graph: inout Graph) -> Term {
        let rule = graph.addBlank(policy, ODRL.namespace + property, ODRL.namespace + type)
        graph.add(rule, ODRL.namespace + "target", target)
        graph.add(rule, ODRL.namespace + "action", .resource(ODRL.namespace + action))
        graph.add(rule, ODRL.namespace + "assigner", assigner)
        return rule
    }
}

extension Graph {
    /// - Parameter property: `refinement` when it restricts an action, not a rule.
    @discardableResult
    mutating func constrain(
        _ subject: Term, _ left: String, _ comparison: String, _ right: [Term], property: String = "constraint"
    ) -> Term {
        let node = addBlank(subject, ODRL.namespace + property, ODRL.namespace + "Constraint")
        add(node, ODRL.namespace + "leftOperand", .resource(ODRL.namespace + left))
        add(node, ODRL.namespace + "operator", .resource(ODRL.namespace + comparison))
        for value in right { add(node, ODRL.namespace + "rightOperand", value) }
        return node
    }

    /// A duty that has to be met for a permission.
    @discardableResult
    mutating func demand(_ action: String, of permission: Term) -> Term {
        let duty = addBlank(permission, ODRL.namespace + "duty", ODRL.namespace + "Duty")
        add(duty, ODRL.namespace + "action", .resource(ODRL.namespace + action))
        return duty
    }
}

extension Condition.Value {
    fileprivate var literals: [Term] {
        switch self {
        case .set(let texts): texts.map { .literal($0) }
        case .level(let text): [.literal(text)]
        case .days(let number): [.typed("\(number)", datatype: XSD.integer)]
        }
    }
}
