using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Transport;
using RmStack.Transport.Rpc;

namespace RmStack.Cli.Tests.Serve;

/// <summary>What a client does that is the Resource Manager driver of HLOS.</summary>
internal sealed class Driver : IAsyncDisposable
{
    public const ulong GuestRam = 0x4200_0000;

    private readonly RpcClient _client;
    private readonly Lock _gate = new();
    private readonly List<(MessageId Id, byte[] Payload)> _notifications = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Driver(IMsgQueuePort port)
    {
        _client = new RpcClient(port, RpcClientOptions.LinuxV12)
        {
            Notification = notification =>
            {
                TaskCompletionSource more;
                lock (_gate)
                {
                    _notifications.Add((notification.Id, notification.Payload.ToArray()));
                    (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                }

                more.SetResult();
            },
        };
    }

    public RpcStatistics Statistics => _client.Statistics;

    public IReadOnlyList<(MessageId Id, byte[] Payload)> Notifications
    {
        get
        {
            lock (_gate)
                return [.. _notifications];
        }
    }

    public async Task<RmError> CallAsync(MessageId id, params byte[] payload)
    {
        using var result = await _client.CallAsync(id, payload).AsTask().WaitAsync(Bench.Patience);
        Assert.True(result.Status is RpcCallStatus.Ok or RpcCallStatus.RmError, result.ToString());
        return result.Error;
    }

    public async Task<byte[]> AskAsync(MessageId id, params byte[] payload)
    {
        using var result = await _client.CallAsync(id, payload).AsTask().WaitAsync(Bench.Patience);
        Assert.Equal(RpcCallStatus.Ok, result.Status);
        return result.Payload.ToArray();
    }

    public async Task OkAsync(MessageId id, params byte[] payload) => Assert.Equal(RmError.Ok, await CallAsync(id, payload));

    /// <summary>Allocates a VM, lends it two megabytes, configures and initialises it.</summary>
    public async Task<ushort> PrepareAsync(ulong ram = GuestRam)
    {
        var vmid = BitConverter.ToUInt16(await AskAsync(MessageId.VmAllocate, 0, 0, 0, 0));
        await ConfigureAsync(vmid, await LendAsync(vmid, ram));
        return vmid;
    }

    public async Task ConfigureAsync(ushort vmid, uint parcel)
    {
        var request = new byte[40];
        VmConfigImage.Write(request, vmid, AuthMechanism.None, parcel, 0, 0, GuestMemoryFile.GuestSize - GuestMemoryFile.DeviceTreeArea, GuestMemoryFile.DeviceTreeArea);
        await OkAsync(MessageId.VmConfigImage, request);
        await OkAsync(MessageId.VmInit, Of(vmid));
    }

    public async Task<uint> LendAsync(ushort vmid, ulong ram = GuestRam, ulong size = GuestMemoryFile.GuestSize)
    {
        var request = new byte[MemLend.SizeOf(1, 1, 0)];
        MemLend.Write(request, MemType.Normal, MemCreateFlags.None, 0, [new AclEntry(vmid, MemRights.ReadWriteExecute)], [new SglEntry(ram, size)], []);
        return BitConverter.ToUInt32(await AskAsync(MessageId.MemLend, request));
    }

    public Task StartAsync(ushort vmid) => OkAsync(MessageId.VmStart, Of(vmid));

    /// <summary>VM_RESET, the wait for its end, MEM_RECLAIM and VM_DEALLOCATE.</summary>
    public async Task TearDownAsync(ushort vmid, uint parcel = 0)
    {
        var seen = Notifications.Count;
        await OkAsync(MessageId.VmReset, Of(vmid));
        await StateAsync(vmid, VmState.Reset, seen);
        await OkAsync(MessageId.MemReclaim, [.. BitConverter.GetBytes(parcel), 0, 0, 0, 0]);
        await OkAsync(MessageId.VmDeallocate, Of(vmid));
    }

    /// <summary>Waits until a VM was reported to have ended.</summary>
    public async Task<ExitType> ExitAsync(ushort vmid, int since = 0)
    {
        var payload = await NotificationAsync(since, (id, payload) => id == MessageId.VmExited && BitConverter.ToUInt16(payload) == vmid);
        return (ExitType)BitConverter.ToUInt16(payload, 2);
    }

    public Task StateAsync(ushort vmid, VmState state, int since = 0) =>
        NotificationAsync(since, (id, payload) => id == MessageId.VmStatus && BitConverter.ToUInt16(payload) == vmid && payload[4] == (byte)state);

    public async Task<byte[]> NotificationAsync(int since, Func<MessageId, byte[], bool> wanted)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                for (var n = since; n < _notifications.Count; n++)
                    if (wanted(_notifications[n].Id, _notifications[n].Payload))
                        return _notifications[n].Payload;
                more = _more.Task;
            }

            await more.WaitAsync(Bench.Patience);
        }
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    public static byte[] Of(ushort vmid) => [(byte)vmid, (byte)(vmid >> 8), 0, 0];
}
