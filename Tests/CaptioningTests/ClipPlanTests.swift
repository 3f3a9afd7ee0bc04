import Testing

@testable import Captioning

@Suite struct ClipPlanTests {
    @Test func looksAtEverySecondOfAShortClip() {
        let plan = ClipPlan(duration: 30, settings: CaptioningSettings())
        #expect(plan.stride == 1)
        #expect(plan.spanSeconds == 10)
        #expect(ClipPlan.strideOfSpan(plan.spanSeconds) == 1)
    }

    @Test(arguments: [1, 63, 64, 65, 600, 10_800, 86_400.0])
    func boundsPromptsWhateverTheLength(duration: Double) {
        let plan = ClipPlan(duration: duration, settings: CaptioningSettings())
        let frames = (duration / Double(plan.stride)).rounded(.up)
        #expect(frames <= Double(ClipPlan.mostFramesOfWhole))
        #expect(duration / plan.spanSeconds <= Double(ClipPlan.mostSpans))
        let framesOfSpan = (plan.spanSeconds / Double(ClipPlan.strideOfSpan(plan.spanSeconds)))
            .rounded(.up)
        #expect(framesOfSpan <= Double(ClipPlan.mostFramesOfSpan))
    }

    @Test(arguments: [nil, 0, -5, .nan, .infinity, 1e300] as [Double?])
    func acceptsAnyStatedDuration(duration: Double?) {
        let plan = ClipPlan(duration: duration, settings: CaptioningSettings())
        #expect(plan.stride >= 1)
        #expect(plan.spanSeconds >= 10)
        #expect(ClipPlan.strideOfSpan(plan.spanSeconds) >= 1)
    }
}
