import Foundation

/// Takes out of a table what would give an enterprise away: cells behind which there are fewer than three enterprises, and as many
/// others as it takes that none of them is the difference of what is left. Method: cell suppression as official statistics use it
/// (Hundepool et al., Handbook on Statistical Disclosure Control, ch. 4).
enum Suppression {
    static let least = 3

    /// - Parameter cells: of one table, whose classes add up to the whole in each value that can be added. A share has as many
    ///   enterprises behind it as the counts that it is made of, so that it is hidden where they are.
    /// - Returns: of tables in which too little can be hidden not even which classes there are.
    static func applied(to cells: [Figure.Cell]) -> [Figure.Cell] {
        var (shown, left) = (cells, Set(cells.indices))
        for places in Dictionary(grouping: cells.indices, by: { [cells[$0].name, cells[$0].unit] }).values {
            let classes = places.filter { cells[$0].className != nil }
            // Nothing is left of the whole when it is not a sum: only what is small itself is hidden.
            guard cells[places[0]].isAdditive else {
                for place in places where isSmall(cells[place]) { shown[place].value = nil }
                continue
            }
            for place in places where !classes.contains(place) && isSmall(cells[place]) {
                shown[place].value = nil
                left.subtract(classes)
            }
            if let hidden = hidden(of: classes, in: cells) {
                for place in hidden { shown[place].value = nil }
            } else {
                left.subtract(classes)
            }
        }
        // Where the classes of a count are not even named, no other value names them.
        let isWithheld = left.count < cells.count
        return shown.indices.filter {
            left.contains($0) && !(isWithheld && !cells[$0].isAdditive && cells[$0].className != nil)
        }
        .map { shown[$0] }
    }

    /// Tables of the same whole by different dimensions: what is hidden of the whole in one is hidden in all.
    static func applied(toTablesOfOneWhole tables: [[Figure.Cell]]) -> [[Figure.Cell]] {
        let wholes = tables.joined().filter { $0.className == nil }
        let behind = Dictionary(wholes.map { ([$0.name, $0.unit], $0.enterprises) }, uniquingKeysWith: min)
        return tables.map { cells in
            applied(
                to: cells.map { cell in
                    guard cell.className == nil else { return cell }
                    var whole = cell
                    whole.enterprises = behind[[cell.name, cell.unit]] ?? cell.enterprises
                    return whole
                })
        }
    }

    private static func isSmall(_ cell: Figure.Cell) -> Bool { (1..<least).contains(cell.enterprises) }

    /// - Returns: nil when the classes are too few to hide any of them.
    private static func hidden(of classes: [Int], in cells: [Figure.Cell]) -> [Int]? {
        var hidden = classes.filter { isSmall(cells[$0]) }
        // The smallest hide beside them; a class without enterprises hides nobody.
        var others = classes.filter { cells[$0].enterprises >= least }.sorted {
            (cells[$0].enterprises, cells[$0].className ?? "") < (cells[$1].enterprises, cells[$1].className ?? "")
        }[...]
        // Whoever takes the rest from the whole knows what is hidden together, and that each has one enterprise at least: of any
        // of them there could still be three.
        while !hidden.isEmpty,
            hidden.count < 2 || hidden.reduce(0, { $0 + cells[$1].enterprises }) - (hidden.count - 1) < least
        {
            guard let next = others.popFirst() else { return nil }
            hidden.append(next)
        }
        return hidden
    }
}
