import Testing

@testable import Captioning

@Suite struct ClipPlanTests {
    @Test func looksAtEverySecondOfAShortClip() {
        let plan = ClipPlan(duration: 30, settings: CaptioningSettings())
        #expect(plan.stride == 1)
        #expect(plan.stretchSeconds == 10)
        #expect(plan.stretchStride == 1)
    }

    @Test(arguments: [1, 63, 64, 65, 600, 10_800, 86_400.0])
    func boundsPromptsWhateverTheLength(duration: Double) {
        let plan = ClipPlan(duration: duration, settings: CaptioningSettings())
        let frames = (duration / Double(plan.stride)).rounded(.up)
        #expect(frames <= Double(ClipPlan.mostFramesOfWhole))
        #expect(duration / plan.stretchSeconds <= Double(ClipPlan.mostStretches))
        let framesOfStretch = (plan.stretchSeconds / Double(plan.stretchStride)).rounded(.up)
        #expect(framesOfStretch <= Double(ClipPlan.mostFramesOfStretch))
    }

    @Test(arguments: [nil, 0, -5, .nan, .infinity, 1e300] as [Double?])
    func acceptsAnyStatedDuration(duration: Double?) {
        let plan = ClipPlan(duration: duration, settings: CaptioningSettings())
        #expect(plan.stride >= 1)
        #expect(plan.stretchSeconds >= 10)
        #expect(plan.stretchStride >= 1)
    }
}
