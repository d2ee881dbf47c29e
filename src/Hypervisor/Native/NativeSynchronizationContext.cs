namespace RmStack.Hypervisor.Native;

/// <summary>
/// The run queue of a native vCPU: what has been posted runs one by one, in order, when the scheduler gives the vCPU time.
/// </summary>
internal sealed class NativeSynchronizationContext(Action posted) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();

    public bool IsEmpty => _queue.Count == 0;

    public override void Post(SendOrPostCallback d, object? state) => Enqueue(d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing waits on a vCPU: post to it.");

    public override SynchronizationContext CreateCopy() => this;

    private void Enqueue(SendOrPostCallback callback, object? state)
    {
        _queue.Enqueue((callback, state));
        posted();
    }

    public void RunOne()
    {
        var (callback, state) = _queue.Dequeue();
        callback(state);
    }
}
