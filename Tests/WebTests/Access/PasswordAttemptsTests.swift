import Testing

@testable import Web

@Suite struct PasswordAttemptsTests {
    private let attempts = PasswordAttempts()
    private let start = ContinuousClock.now

    @Test func whoGuessesWronglyWaitsAndNobodyElseDoes() {
        #expect(attempts.attempt(from: "10.0.0.1", at: start) { false } == false)
        #expect(attempts.attempt(from: "10.0.0.1", at: start) { true } == nil)
        #expect(attempts.attempt(from: "10.0.0.2", at: start) { true } == true)
        #expect(attempts.attempt(from: "10.0.0.1", at: start + .seconds(60)) { true } == true)
    }

    @Test func everyWrongGuessMakesTheWaitLonger() {
        var now = start
        for failures in 1...6 {
            #expect(attempts.attempt(from: "10.0.0.1", at: now) { false } == false)
            let pause = Duration.milliseconds(100 << failures)
            #expect(attempts.attempt(from: "10.0.0.1", at: now + pause / 2) { true } == nil)
            now += pause + .seconds(30)
        }
    }

    @Test func oneIsTriedAtATime() {
        let result = attempts.attempt(from: "10.0.0.1") {
            attempts.attempt(from: "10.0.0.2") { true } == nil
        }
        #expect(result == true)
    }

    @Test func addressesOfOneNetworkAreOneClientInTheSixthVersionAlone() {
        #expect(PasswordAttempts.key("2001:db8::1") == PasswordAttempts.key("2001:db8::ffff:2"))
        #expect(PasswordAttempts.key("2001:db8::1") != PasswordAttempts.key("2001:db8:0:1::1"))
        #expect(PasswordAttempts.key("10.0.0.1") != PasswordAttempts.key("10.0.0.2"))
        #expect(PasswordAttempts.key("::ffff:10.0.0.1") != PasswordAttempts.key("::ffff:10.0.0.2"))
    }

    @Test func aFloodOfClientsIsForgottenAgain() {
        for number in 0..<PasswordAttempts.mostClients * 2 {
            _ = attempts.attempt(from: "10.0.\(number / 256).\(number % 256)", at: start) { false }
        }
        // The last one is remembered, the first is not.
        let last = PasswordAttempts.mostClients * 2 - 1
        #expect(
            attempts.attempt(from: "10.0.\(last / 256).\(last % 256)", at: start) { true } == nil)
        #expect(attempts.attempt(from: "10.0.0.0", at: start) { true } == true)
    }
}
