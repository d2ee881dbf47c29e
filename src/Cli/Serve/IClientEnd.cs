using RmStack.Transport;

namespace RmStack.Cli.Serve;

/// <summary>The server's end of a client's connection.</summary>
internal interface IClientEnd : IDisposable
{
    /// <summary>Packets from and to the client.</summary>
    IMsgQueuePort Port { get; }

    /// <summary>Ends when the client has gone, with the reason in words.</summary>
    Task<string> Closed { get; }

    /// <summary>Datagrams without a byte that never became packets.</summary>
    long DroppedEmpty { get; }

    /// <summary>Datagrams of more than 240 bytes that never became packets.</summary>
    long DroppedOversize { get; }
}
