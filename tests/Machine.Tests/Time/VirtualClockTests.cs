using FsCheck.Xunit;
using RmStack.Machine.Time;

namespace RmStack.Machine.Tests.Time;

public class VirtualClockTests
{
    private readonly VirtualClock _clock = new();

    [Fact]
    public void Time_moves_only_when_told_and_never_back()
    {
        Assert.Equal(0ul, _clock.Now);
        _clock.Advance(10);
        _clock.AdvanceTo(7);
        Assert.Equal(10ul, _clock.Now);
        Assert.Equal(160ul, _clock.Nanoseconds);
        Assert.Equal(10, _clock.GetTimestamp());
        _clock.AdvanceTo(62_500_000);
        Assert.Equal(new DateTimeOffset(2024, 1, 1, 0, 0, 1, TimeSpan.Zero), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(1), _clock.GetElapsedTime(0));
    }

    [Fact]
    public void Events_of_one_moment_run_in_the_order_they_were_armed()
    {
        var ran = new List<int>();
        var events = Enumerable.Range(0, 5).Select(i => _clock.Events.Create(() => ran.Add(i))).ToArray();
        foreach (var i in new[] { 3, 1, 4, 0, 2 }) events[i].ArmAt(100);
        events[3].ArmAt(100);
        _clock.AdvanceTo(100);
        _clock.Events.RunDue();
        Assert.Equal([1, 4, 0, 2, 3], ran);
        Assert.Equal(ulong.MaxValue, _clock.Events.NextDue);
    }

    [Fact]
    public void An_event_armed_by_another_for_now_runs_in_the_same_round()
    {
        var ran = new List<string>();
        var second = _clock.Events.Create(() => ran.Add("second"));
        var first = _clock.Events.Create(() =>
        {
            ran.Add("first");
            second.ArmAt(_clock.Now);
        });
        first.ArmAt(5);
        _clock.AdvanceTo(5);
        _clock.Events.RunDue();
        Assert.Equal(["first", "second"], ran);
    }

    [Fact]
    public void A_disarmed_event_does_not_run_and_may_be_armed_again()
    {
        var ran = 0;
        var item = _clock.Events.Create(() => ran++);
        item.Disarm();
        item.ArmAt(5);
        Assert.True(item.Armed);
        item.Disarm();
        Assert.False(item.Armed);
        _clock.AdvanceTo(10);
        _clock.Events.RunDue();
        Assert.Equal(0, ran);
        item.ArmAt(3);
        _clock.Events.RunDue();
        Assert.Equal(1, ran);
    }

    [Property]
    public void Events_run_once_each_sorted_by_moment_then_by_order_of_arming(byte[] moments)
    {
        var clock = new VirtualClock();
        var ran = new List<int>();
        for (var i = 0; i < moments.Length; i++)
        {
            var me = i;
            clock.Events.Create(() => ran.Add(me)).ArmAt(moments[i]);
        }

        while (clock.Events.NextDue != ulong.MaxValue)
        {
            clock.AdvanceTo(clock.Events.NextDue);
            clock.Events.RunDue();
        }

        Assert.Equal(Enumerable.Range(0, moments.Length).OrderBy(i => moments[i]), ran);
    }

    [Fact]
    public async Task A_delay_through_the_clock_ends_exactly_on_its_tick()
    {
        var delay = Task.Delay(TimeSpan.FromMilliseconds(3), _clock);
        Assert.Equal(187_500ul, _clock.Events.NextDue);
        _clock.AdvanceTo(187_499);
        _clock.Events.RunDue();
        Assert.False(delay.IsCompleted);
        _clock.Advance(1);
        _clock.Events.RunDue();
        await delay;
    }

    [Fact]
    public void A_periodic_timer_keeps_its_period_until_it_is_disposed()
    {
        var at = new List<ulong>();
        var timer = _clock.CreateTimer(_ => at.Add(_clock.Now), null, TimeSpan.FromMicroseconds(16), TimeSpan.FromMicroseconds(32));
        RunTo(5000);
        Assert.Equal([1000ul, 3000ul, 5000ul], at);
        Assert.True(timer.Change(TimeSpan.FromMicroseconds(16), Timeout.InfiniteTimeSpan));
        RunTo(20000);
        Assert.Equal(6000ul, at[^1]);
        timer.Dispose();
        Assert.False(timer.Change(TimeSpan.Zero, TimeSpan.Zero));
        Assert.Equal(ulong.MaxValue, _clock.Events.NextDue);
    }

    [Fact]
    public void Cancellation_by_time_out_uses_the_clock()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1), _clock);
        RunTo(62_499_999);
        Assert.False(source.IsCancellationRequested);
        RunTo(62_500_000);
        Assert.True(source.IsCancellationRequested);
    }

    private void RunTo(ulong tick)
    {
        while (_clock.Events.NextDue <= tick)
        {
            _clock.AdvanceTo(_clock.Events.NextDue);
            _clock.Events.RunDue();
        }

        _clock.AdvanceTo(tick);
        _clock.Events.RunDue();
    }
}
