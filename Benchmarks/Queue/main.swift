// What a queue costs: `Benchmarks/work_queue.py` starts the database and this program.
//
//   queue-benchmark throughput ADDRESS PICTURES WORKERS EDGE    through catalogue and queue, a model that answers at once
//   queue-benchmark scaling ADDRESS WORKERS SECONDS MINUTES EDGE  workers that take so long for a picture

import Foundation
import RemoteWork

let arguments = Array(CommandLine.arguments.dropFirst())
guard let mode = arguments.first, arguments.count >= 5 else {
    print("usage: queue-benchmark throughput|scaling ADDRESS …")
    exit(2)
}
let numbers = arguments.dropFirst(2).compactMap(Double.init)
try QueueSetup.run(arguments[1])
switch mode {
case "throughput":
    try Throughput(
        address: arguments[1], pictures: Int(numbers[0]), workers: Int(numbers[1]),
        edge: Int(numbers[2])
    ).run()
default:
    try Scaling(
        address: arguments[1], workers: Int(numbers[0]), seconds: numbers[1], minutes: numbers[2],
        edge: Int(numbers[3])
    ).run()
}
