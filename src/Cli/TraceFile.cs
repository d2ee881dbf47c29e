using System.IO.Pipelines;
using RmStack.Transport.Capture;

namespace RmStack.Cli;

/// <summary>
/// The file that packets are written to, of one system or of several at once. What goes wrong with it while they run ends nothing: it is
/// told afterwards.
/// </summary>
public sealed class TraceFile : IDisposable
{
    private const long FlushAt = 1 << 16;

    private readonly Lock _gate = new();
    private readonly FileStream _stream;
    private readonly PipeWriter _pipe;
    private readonly PcapngWriter _writer;
    private readonly string _path;

    private TraceFile(string path, FileStream stream)
    {
        _path = path;
        _stream = stream;
        _pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        _writer = new PcapngWriter(_pipe);
    }

    /// <summary>What kept the file from being written; empty when nothing did.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Begins a file; one that is there already is replaced.</summary>
    public static TraceFile? TryCreate(string path, out string problem)
    {
        problem = "";
        try
        {
            return new TraceFile(path, new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = HostFile.CannotWrite(path, failure);
            return null;
        }
    }

    /// <summary>Writes a packet.</summary>
    /// <param name="link">Finds, or adds, the link that it is of.</param>
    /// <param name="direction">Which way it went.</param>
    /// <param name="nanoseconds">Virtual time of its system.</param>
    /// <param name="packet">Its bytes.</param>
    /// <param name="comment">UTF-8 to show with it; empty for none.</param>
    public void Write(Func<PcapngWriter, int> link, CaptureDirection direction, ulong nanoseconds, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> comment)
    {
        ArgumentNullException.ThrowIfNull(link);
        lock (_gate)
        {
            // Nothing more is collected that cannot be written.
            if (Problem.Length > 0) return;
            _writer.Write(link(_writer), direction, nanoseconds, packet, comment);
            if (_pipe.UnflushedBytes >= FlushAt) FlushNow();
        }
    }

    /// <summary>Has everything so far in the file, for whoever reads along.</summary>
    public void Flush()
    {
        lock (_gate)
            FlushNow();
    }

    /// <summary>Writes everything out.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            FlushNow();
            try
            {
                // Both try once more to write what could not be written.
                _pipe.Complete();
                _stream.Dispose();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Fail(failure);
            }
        }
    }

    private void FlushNow()
    {
        try
        {
            // A simulation is one thread that nothing may interleave with: it waits for the disk here.
            _pipe.FlushAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Fail(failure);
        }
    }

    private void Fail(Exception failure)
    {
        if (Problem.Length == 0) Problem = HostFile.CannotWrite(_path, failure);
    }
}
