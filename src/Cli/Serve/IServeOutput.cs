using RmStack.Host;

namespace RmStack.Cli.Serve;

/// <summary>Shows what a server does. Its methods are called from any thread and throw nothing.</summary>
internal interface IServeOutput
{
    /// <summary>Clients can connect from now on.</summary>
    void Listening(ServeOptions options);

    /// <summary>A client has connected.</summary>
    void Opened(int connection, ulong seed);

    /// <summary>A connection has ended.</summary>
    void Closed(ConnectionReport report);

    /// <summary>A guest printed a line.</summary>
    void ConsoleLine(int connection, ushort vmid, string text);

    /// <summary>A guest ended.</summary>
    void GuestEnded(int connection, ushort vmid, VmExitInfo exit);

    /// <summary>A guest touched an address where no device is.</summary>
    void NoDevice(int connection, ushort vmid, ulong address);

    /// <summary>A line of the kernel log of a connection's HLOS.</summary>
    void Log(int connection, string text);

    /// <summary>Something went wrong that concerns no single connection.</summary>
    void Problem(string text);

    /// <summary>The server has ended.</summary>
    void Stopped(int connections);
}
