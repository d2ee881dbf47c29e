using System.Buffers;
using RmStack.Protocol;
using RmStack.Transport;
using RmStack.Transport.Rpc;

namespace RmStack.Host;

/// <summary>
/// The driver of the Resource Manager's link: one method per call that Linux makes, and the chain that notifications go
/// down (Linux: rsc_mgr.c, rsc_mgr_rpc.c). Sends nothing until somebody calls.
/// </summary>
public sealed partial class ResourceManagerDriver : IAsyncDisposable
{
    private readonly RpcClient _client;
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private readonly Queue<(MessageId Id, byte[] Payload)> _notifications = new();
    private bool _delivering;
    private ushort? _ownVmid;

    /// <summary>Takes over one end of a link.</summary>
    public ResourceManagerDriver(IMsgQueuePort port, RpcClientOptions? options = null)
    {
        _client = new RpcClient(port, options ?? new RpcClientOptions { Rules = ReassemblyRules.LinuxV12 });
        _client.Notification += OnNotification;
    }

    /// <summary>
    /// Where notifications go, from a work item of their own: a listener may wait, and one that registers before a call sees
    /// what the call causes (Linux: gh_rm_notifier_register).
    /// </summary>
    public NotifierChain Notifier { get; } = new();

    /// <summary>What went over the link.</summary>
    public RpcStatistics Statistics => _client.Statistics;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private void OnNotification(RpcNotification notification)
    {
        _notifications.Enqueue((notification.Id, notification.Payload.ToArray()));
        if (_delivering) return;
        _delivering = true;
        if (_context is null) Deliver();
        else _context.Post(static driver => ((ResourceManagerDriver)driver!).Deliver(), this);
    }

    private void Deliver()
    {
        while (_notifications.TryDequeue(out var next)) Notifier.Call(next.Id, next.Payload);
        _delivering = false;
    }

    private async ValueTask<RmCallStatus> CallAsync(MessageId id, byte[] request, int length)
    {
        using var result = await _client.CallAsync(id, request.AsMemory(0, length));
        ArrayPool<byte>.Shared.Return(request);
        return new RmCallStatus(id, result);
    }

    private static byte[] Rent(int size) => ArrayPool<byte>.Shared.Rent(size);
}
