using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <summary>How a client behaves on the wire. The default is Linux v17.</summary>
public sealed record RpcClientOptions
{
    /// <summary>Linux patch series v5 and v6.</summary>
    public static RpcClientOptions LinuxV5 { get; } = new()
    {
        Rules = ReassemblyRules.LinuxV5,
        LastSequenceId = SequenceIdAllocator.IdrLast,
        Splitting = RequestSplitting.LinuxV5,
    };

    /// <summary>Linux patch series v10.</summary>
    public static RpcClientOptions LinuxV10 { get; } = new() { Rules = ReassemblyRules.LinuxV10, LastSequenceId = SequenceIdAllocator.IdrLast };

    /// <summary>Linux patch series v11 to v14, and Android kernels with the gh_ names.</summary>
    public static RpcClientOptions LinuxV12 { get; } = new() { Rules = ReassemblyRules.LinuxV12 };

    /// <summary>Linux patch series v17, and Android kernels with the gunyah_ names: the default.</summary>
    public static RpcClientOptions LinuxV17 { get; } = new();

    /// <summary>
    /// Qualcomm's own driver before it moved onto the v17 core. It never sends an empty request: its length check underflows and the call
    /// fails with -E2BIG.
    /// </summary>
    public static RpcClientOptions Downstream { get; } = new()
    {
        Rules = ReassemblyRules.Downstream,
        LastSequenceId = SequenceIdAllocator.IdrLast,
        SendsEmptyRequests = false,
    };

    /// <summary>How incoming packets are treated.</summary>
    public ReassemblyRules Rules { get; init; } = ReassemblyRules.LinuxV17;

    /// <summary>Largest request payload, bytes; a longer one ends as TooBig. Linux stops at 62 * 232; the wire allows 63 * 232.</summary>
    public int MaxRequestContent { get; init; } = RpcLimits.MaxLinuxRequestContent;

    /// <summary>Whether a request without payload can be sent; else it ends as TooBig.</summary>
    public bool SendsEmptyRequests { get; init; } = true;

    /// <summary>Largest sequence id: 65535 for xarray kernels (v11 on), 65534 for IDR kernels.</summary>
    public int LastSequenceId { get; init; } = SequenceIdAllocator.XArrayLast;

    /// <summary>How requests are cut into packets; only old Linux drivers differ, and send wrong packets where they do.</summary>
    public RequestSplitting Splitting { get; init; } = RequestSplitting.Exact;

    /// <summary>The clock of deadlines; needed only when a call has one.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>Time after which a call ends as TimedOut. Null, the default: never, as in Linux.</summary>
    public TimeSpan? DefaultTimeout { get; init; }

    /// <summary>
    /// Whether what awaits a call goes on at once, on the thread that received the reply, when that is where it would go on anyway (no synchronization
    /// context or task scheduler, or the current one). The fastest way, for callers that do not block: until they await
    /// again, or return, nothing more is received. Off, the default: they are always posted.
    /// </summary>
    public bool InlineContinuations { get; init; }

    /// <summary>Notifications that wait for one reader of <see cref="RpcClient.Notifications"/>; one more drops the oldest, as the RM does.</summary>
    public int NotificationBacklog { get; init; } = RpcLimits.MaxPendingNotifications;
}
