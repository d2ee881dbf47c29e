namespace RmStack.Protocol;

/// <summary>What a message is about; the documentation's chapters.</summary>
public enum MessageGroup
{
    /// <summary>Making a VM.</summary>
    Creation,

    /// <summary>Running and ending a VM.</summary>
    Lifecycle,

    /// <summary>Asking about VMs.</summary>
    Queries,

    /// <summary>Memparcels.</summary>
    Memory,

    /// <summary>Firmware for protected VMs.</summary>
    Firmware,

    /// <summary>Settings of one VM, before it starts.</summary>
    Settings,

    /// <summary>Interrupt lending.</summary>
    Irqs,

    /// <summary>Consoles.</summary>
    Console,

    /// <summary>Heaps of hypervisor and RM.</summary>
    Heaps,

    /// <summary>Device lending.</summary>
    Devices,

    /// <summary>Logs and dumps.</summary>
    Diagnostics,
}

/// <summary>Which public drop of the RM handles an id.</summary>
public enum RmSupport
{
    /// <summary>None; the id is unknown and answered UNIMPLEMENTED.</summary>
    Unknown,

    /// <summary>None; the id has a name there and is answered UNIMPLEMENTED.</summary>
    KnownUnimplemented,

    /// <summary>12/2023 and the newer one.</summary>
    Both,

    /// <summary>The newer one.</summary>
    NewerOnly,

    /// <summary>The newer one, when built with the device manager.</summary>
    NewerBuildOption,
}

/// <summary>Drivers known to send a request or to act on a notification.</summary>
[Flags]
public enum MessageClients
{
    /// <summary>None that is public.</summary>
    None = 0,

    /// <summary>Linux v17.</summary>
    LinuxV17 = 1 << 0,

    /// <summary>Linux v15.</summary>
    LinuxV15 = 1 << 1,

    /// <summary>Android kernels with the gh_ names.</summary>
    AndroidGh = 1 << 2,

    /// <summary>Android kernels with the gunyah_ names.</summary>
    AndroidGunyah = 1 << 3,

    /// <summary>Qualcomm's downstream driver, old or new.</summary>
    Downstream = 1 << 4,

    /// <summary>All of them.</summary>
    Everyone = LinuxV17 | LinuxV15 | AndroidGh | AndroidGunyah | Downstream,
}

/// <summary>One message id.</summary>
/// <param name="Id">Number on the wire.</param>
/// <param name="Name">Name as RM and Linux spell it.</param>
/// <param name="Group">What it is about.</param>
public sealed record MessageInfo(MessageId Id, string Name, MessageGroup Group)
{
    /// <summary>Payload of the request or notification.</summary>
    public required PayloadInfo Content { get; init; }

    /// <summary>Payload of the success reply behind the error word; null for notifications.</summary>
    public PayloadInfo? Reply { get; init; }

    /// <summary>The 12/2023 RM puts one more word behind the error word of an error reply.</summary>
    public bool ErrorReplyMayCarryWord { get; init; }

    /// <summary>Who may send the request; empty for notifications.</summary>
    public string Sender { get; init; } = string.Empty;

    /// <summary>Who gets the notification; empty for requests.</summary>
    public string Recipient { get; init; } = string.Empty;

    /// <summary>Which RM handles the request or sends the notification.</summary>
    public required RmSupport Rm { get; init; }

    /// <summary>Which drivers use it.</summary>
    public required MessageClients Clients { get; init; }

    /// <summary>The RPC client's method that sends the request: its name in Pascal case and Async, e.g. <c>VmAllocateAsync</c>; empty for notifications.</summary>
    public string ClientMethod => Reply is null
        ? string.Empty
        : string.Concat(Name.Split('_').Select(word => word[..1] + word[1..].ToLowerInvariant())) + "Async";

    /// <summary>Public file that defines it.</summary>
    public required string Source { get; init; }
}
