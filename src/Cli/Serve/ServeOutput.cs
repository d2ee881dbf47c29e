using RmStack.Host;

namespace RmStack.Cli.Serve;

/// <summary>What the kinds of output have in common: one line at a time, and a reader who has gone away ends the server, not a machine.</summary>
/// <param name="failed">Called once, when nothing can be written any more.</param>
internal abstract class ServeOutput(Action failed) : IServeOutput
{
    private readonly Lock _gate = new();

    /// <summary>What kept it from being written; empty when nothing did.</summary>
    public string Failure { get; private set; } = "";

    /// <inheritdoc/>
    public abstract void Listening(ServeOptions options);

    /// <inheritdoc/>
    public abstract void Opened(int connection, ulong seed);

    /// <inheritdoc/>
    public abstract void Closed(ConnectionReport report);

    /// <inheritdoc/>
    public abstract void ConsoleLine(int connection, ushort vmid, string text);

    /// <inheritdoc/>
    public abstract void GuestEnded(int connection, ushort vmid, VmExitInfo exit);

    /// <inheritdoc/>
    public abstract void NoDevice(int connection, ushort vmid, ulong address);

    /// <inheritdoc/>
    public abstract void Log(int connection, string text);

    /// <inheritdoc/>
    public abstract void Problem(string text);

    /// <inheritdoc/>
    public abstract void Stopped(int connections);

    /// <summary>Writes, unless that has failed before.</summary>
    protected void Write(Action write)
    {
        lock (_gate)
        {
            if (Failure.Length > 0) return;
            try
            {
                write();
                return;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Failure = failure.Message;
            }
        }

        failed();
    }
}
