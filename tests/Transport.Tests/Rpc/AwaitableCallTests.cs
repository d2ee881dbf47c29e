using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Rpc;

#pragma warning disable CA2012 // These tests take a ValueTask apart on purpose.
#pragma warning disable xUnit1031 // Nothing blocks: results are read after the call has ended.

namespace RmStack.Transport.Tests.Rpc;

/// <summary>Where an awaiting caller goes on.</summary>
public sealed class AwaitableCallTests
{
    private static readonly MessageId s_id = MessageId.VmGetState;
    private readonly RecordingMsgQueue _port = new();

    [Fact]
    public void The_caller_continues_on_its_context_and_never_inside_the_receive_loop()
    {
        var context = new SingleThreadContext();
        var client = new RpcClient(_port);
        var done = false;
        context.Run(() => { _ = Caller(); });
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok));
        Assert.False(done);
        context.RunUntilIdle();
        Assert.True(done);
        return;

        async Task Caller()
        {
            await client.CallAsync(s_id, default);
            Assert.Same(context, SynchronizationContext.Current);
            done = true;
        }
    }

    [Fact]
    public async Task The_execution_context_of_an_awaiter_that_wants_it_flows()
    {
        var local = new AsyncLocal<int> { Value = 5 };
        var client = new RpcClient(_port);
        var seen = new TaskCompletionSource<int>();
        var awaiter = client.CallAsync(s_id, default).GetAwaiter();
        awaiter.OnCompleted(() => seen.SetResult(local.Value));
        local.Value = 6;
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok));
        Assert.Equal(5, await seen.Task);
        awaiter.GetResult().Dispose();
    }

    [Fact]
    public async Task A_call_that_ended_before_it_is_awaited_continues_at_once()
    {
        var client = new RpcClient(_port);
        _port.DuringSend = () => _port.Put(Packets.Reply(0, s_id, RmError.Ok, 8));
        var call = client.CallAsync(s_id, default);
        _port.NotEmpty!();
        using var result = await call;
        Assert.Equal([8], result.Payload.ToArray());
    }

    [Fact]
    public void Reading_a_result_twice_is_refused_and_does_not_disturb_the_next_call()
    {
        var client = new RpcClient(_port);
        var awaiter = client.CallAsync(s_id, default).GetAwaiter();
        Assert.Throws<InvalidOperationException>(() => awaiter.GetResult());
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok, 1));
        awaiter.GetResult().Dispose();
        var next = client.Open(s_id);
        Assert.Throws<InvalidOperationException>(() => awaiter.GetResult());
        _port.Deliver(Packets.Reply(1, s_id, RmError.Ok, 2));
        Assert.Equal([2], next.Payload);
    }

    [Fact]
    public void A_task_scheduler_is_honoured()
    {
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var client = new RpcClient(_port);
        var task = Task.Factory.StartNew(Caller, CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap();
        while (_port.Sent.Count == 0)
            Thread.Yield();
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok));
        Assert.Same(scheduler, Wait(task));
        return;

        async Task<TaskScheduler> Caller()
        {
            await client.CallAsync(s_id, default);
            return TaskScheduler.Current;
        }

        static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
    }
}
