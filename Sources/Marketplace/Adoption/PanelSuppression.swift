/// Takes out of a figure over a panel what would tell of an enterprise whether it bought. Who is in a panel is public, and so are
/// the denominators; a numerator tells of the enterprises in it and of those that are not.
enum PanelSuppression {
    static func applied(to figure: PanelFigure) -> PanelFigure {
        var shown = figure
        if isSmall(figure.whole.exposed, figure.whole.exposedBought) {
            shown.whole.isSuppressed = true
            for place in figure.classes.indices { shown.classes[place].isSuppressed = true }
            return shown
        }
        for place in hidden(of: figure.classes) { shown.classes[place].isSuppressed = true }
        return shown
    }

    private static func isSmall(_ members: Int, _ bought: Int) -> Bool {
        let few = 1..<Suppression.least
        return few.contains(members) || few.contains(bought) || few.contains(members - bought)
    }

    /// Whoever takes the classes that are shown from the whole knows how many of the hidden ones bought together. Are these three at
    /// least, and three those that did not, then of any hidden class three could have bought and three could have not (of a smaller
    /// one, all or none): of a class of n, those beside it hold at most all others that bought, and at most all others that did not.
    private static func hidden(of classes: [PanelFigure.Share]) -> [Int] {
        var hidden = classes.indices.filter { isSmall(classes[$0].exposed, classes[$0].exposedBought) }
        guard !hidden.isEmpty else { return [] }
        // The smallest hide beside them; a class in which nobody can be given away hides nobody.
        let others = classes.indices.filter { classes[$0].exposed > 0 && !hidden.contains($0) }.sorted {
            (classes[$0].exposed, classes[$0].className ?? "") < (classes[$1].exposed, classes[$1].className ?? "")
        }
        for next in others {
            let members = hidden.reduce(0) { $0 + classes[$1].exposed }
            let bought = hidden.reduce(0) { $0 + classes[$1].exposedBought }
            if min(bought, members - bought) >= Suppression.least { break }
            hidden.append(next)
        }
        // Where all of them are hidden, what is hidden is the whole, which tells of none: it would not be shown.
        return hidden
    }
}
