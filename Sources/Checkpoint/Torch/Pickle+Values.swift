extension Pickle {
    /// Takes the uppermost values, the last one last.
    ///
    /// - Throws: `ArchiveFlaw` where there are not so many above the last mark.
    mutating func pop(_ count: Int) throws -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else {
            throw ArchiveFlaw("the pickle takes more values than it has made")
        }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    /// Takes everything above the last mark, and the mark.
    mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast() else {
            throw ArchiveFlaw("the pickle looks for a mark that it never set")
        }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    mutating func pushTuple(_ values: [PickleValue]) {
        stack.append(.tuple(tuples.count))
        tuples.append(values)
    }

    mutating func pushDictionary() {
        stack.append(.dictionary(dictionaries.count))
        dictionaries.append([])
    }

    /// Adds keys and values, by turns, to the dictionary on top of the stack.
    mutating func setItems(_ items: [PickleValue]) throws {
        guard case .dictionary(let place)? = stack.last, items.count.isMultiple(of: 2) else {
            throw ArchiveFlaw("the pickle fills something that is no dictionary")
        }
        for index in stride(from: 0, to: items.count, by: 2) {
            guard case .text(let name) = items[index] else {
                throw ArchiveFlaw("the pickle has \(items[index].kind) where a name belongs")
            }
            dictionaries[place].append((name, items[index + 1]))
        }
    }

    /// `storage` from `('storage', class, key, location, count)`.
    mutating func pushStorage() throws {
        guard case .tuple(let place) = try pop(1)[0], tuples[place].count == 5,
            case .text("storage") = tuples[place][0], case .global(let global) = tuples[place][1],
            let type = global.storageType, case .text(let key) = tuples[place][2],
            case .integer(let count) = tuples[place][4], count >= 0
        else { throw ArchiveFlaw("the pickle refers to numbers in an unknown way") }
        stack.append(.storage(storages.count))
        storages.append(PickledStorage(key: key, type: type, count: count))
    }

    /// What a call of one of the known names would have built.
    mutating func reduce() throws {
        let operands = try pop(2)
        guard case .global(let global) = operands[0], case .tuple(let place) = operands[1] else {
            throw ArchiveFlaw("the pickle calls \(operands[0].kind); nothing of it was run")
        }
        let arguments = tuples[place]
        switch global {
        case .orderedDictionary where arguments.isEmpty: pushDictionary()
        case .rebuildTensor: try pushTensor(arguments)
        case .rebuildParameter:
            guard arguments.count == 3, case .tensor = arguments[0] else {
                throw ArchiveFlaw("the pickle makes a parameter of something that is no tensor")
            }
            stack.append(arguments[0])
        default:
            throw ArchiveFlaw(
                "the pickle calls '\(global.name)' with \(arguments.count) arguments")
        }
    }

    /// A tensor from storage, offset, shape and strides; whether and how it is trained is passed by.
    private mutating func pushTensor(_ arguments: [PickleValue]) throws {
        guard (6...7).contains(arguments.count), case .storage(let storage) = arguments[0],
            case .integer(let offset) = arguments[1], offset >= 0,
            let shape = sizes(arguments[2]), let strides = sizes(arguments[3]),
            shape.count == strides.count
        else { throw ArchiveFlaw("the pickle describes a tensor in an unknown way") }
        stack.append(.tensor(tensors.count))
        tensors.append(
            PickledTensor(
                storage: storages[storage], offset: offset, shape: shape, strides: strides))
    }

    /// A tuple of numbers that are not negative; nil where it is none.
    private func sizes(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let place) = value,
            tuples[place].count <= SafetensorsHeader.maximumRank
        else { return nil }
        let sizes = tuples[place].compactMap { value -> Int? in
            guard case .integer(let size) = value, size >= 0 else { return nil }
            return size
        }
        return sizes.count == tuples[place].count ? sizes : nil
    }

    /// Attributes of a dictionary, such as the versions that torch notes: taken, and not kept.
    mutating func build() throws {
        guard case .dictionary = try pop(1)[0], case .dictionary? = stack.last else {
            throw ArchiveFlaw("the pickle sets the state of something that is no dictionary")
        }
    }
}
