using System.ComponentModel;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Ports.Sockets;

/// <summary>Why a socket port is closed.</summary>
public enum SocketPortEndReason
{
    /// <summary>Its owner disposed of it.</summary>
    Disposed,

    /// <summary>The peer closed its socket, or its process ended.</summary>
    PeerClosed,

    /// <summary>The same, and the peer had not read everything that was sent to it.</summary>
    PeerReset,

    /// <summary>The loop that served it was disposed of.</summary>
    LoopEnded,

    /// <summary>The socket failed.</summary>
    Failed,
}

/// <summary>How a socket port ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Errno">The system's error number when the socket failed; else 0.</param>
public sealed record SocketPortEnd(SocketPortEndReason Reason, int Errno = 0)
{
    /// <summary>
    /// What the hypercalls answer from then on: the capability was revoked when the other side took the queue away, and its slot is empty when
    /// this side let go of it.
    /// </summary>
    public GunyahError Error => Reason is SocketPortEndReason.Disposed or SocketPortEndReason.LoopEnded ? GunyahError.CspaceCapNull : GunyahError.CspaceCapRevoked;

    /// <summary>The reason in words.</summary>
    public override string ToString() => Reason switch
    {
        SocketPortEndReason.Disposed => "closed by its owner",
        SocketPortEndReason.PeerClosed => "the peer closed",
        SocketPortEndReason.PeerReset => "the peer closed without reading everything",
        SocketPortEndReason.LoopEnded => "its loop ended",
        _ => "the socket failed: " + new Win32Exception(Errno).Message,
    };
}
