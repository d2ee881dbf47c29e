using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Host.Tests;

/// <summary>A vCPU that the hypervisor will not run must not keep a machine busy that nothing can move.</summary>
public class AgentKernelTests
{
    private const uint Blocked = 3;
    private const uint Ready = 0;
    private const uint SystemReset = 0x100;
    private static readonly CapId s_first = new(1);
    private static readonly CapId s_second = new(2);

    private readonly FakeKernel _inner = new();
    private readonly AgentKernel _kernel;

    public AgentKernelTests() => _kernel = new AgentKernel(_inner);

    [Theory]
    [InlineData(Blocked)]
    [InlineData(6u)]
    [InlineData(SystemReset)]
    public async Task Futile_runs_end_in_a_wait_until_something_happens(uint state)
    {
        for (var n = 0; n <= AgentKernel.Patience + 1; n++) _inner.Answer(state);
        for (var n = 0; n < AgentKernel.Patience; n++) Assert.True(Run(s_first).IsCompletedSuccessfully);
        var waiting = Run(s_first);
        Assert.False(waiting.IsCompleted);
        _kernel.Stir();
        Assert.Equal(state, (await waiting).State);
        Assert.True(Run(s_first).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Retry_is_futile_too_and_other_errors_are_not()
    {
        for (var n = 0; n <= AgentKernel.Patience; n++) _inner.Fail(GunyahError.Retry);
        for (var n = 0; n < AgentKernel.Patience; n++) Assert.True(Run(s_first).IsCompletedSuccessfully);
        Assert.False(Run(s_first).IsCompleted);
        for (var n = 0; n <= 2 * AgentKernel.Patience; n++)
        {
            _inner.Fail(GunyahError.CspaceCapNull);
            Assert.Equal(GunyahError.CspaceCapNull, (await Run(s_second)).Error);
        }
    }

    [Fact]
    public void A_run_that_gets_on_begins_the_count_anew_for_its_vcpu_only()
    {
        for (var n = 0; n < AgentKernel.Patience; n++)
        {
            _inner.Answer(Blocked);
            _inner.Answer(Blocked);
            Assert.True(Run(s_first).IsCompletedSuccessfully);
            Assert.True(Run(s_second).IsCompletedSuccessfully);
        }

        _inner.Answer(Ready);
        _inner.Answer(Blocked);
        _inner.Answer(Blocked);
        Assert.True(Run(s_first).IsCompletedSuccessfully);
        Assert.True(Run(s_first).IsCompletedSuccessfully);
        Assert.False(Run(s_second).IsCompleted);
    }

    [Fact]
    public async Task An_interrupt_is_something_that_happens()
    {
        for (var n = 0; n <= AgentKernel.Patience; n++) _inner.Answer(Blocked);
        var handled = 0;
        Task<RunResult>? waiting = null;
        Assert.True(_kernel.TryRequestIrq(962, () => handled++));
        for (var n = 0; n <= AgentKernel.Patience; n++) waiting = Run(s_first);
        Assert.False(waiting!.IsCompleted);
        _inner.Raise(962);
        Assert.Equal((Blocked, 1), ((await waiting).State, handled));
    }

    private Task<RunResult> Run(CapId vcpu) => _kernel.VcpuRunAsync(vcpu, 0, 0, 0).AsTask();
}
