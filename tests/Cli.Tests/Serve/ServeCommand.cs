using System.Text;

namespace RmStack.Cli.Tests.Serve;

/// <summary>`rmstack serve` in this process, on a socket in a folder of its own.</summary>
internal sealed class ServeCommand : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly FollowedWriter _output = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly Task<int> _run;

    public ServeCommand(params string[] options)
    {
        Folder = Directory.CreateTempSubdirectory("rmstack-serve").FullName;
        string[] args = ["serve", "--socket", Socket, .. options.Select(option => option.Replace("{folder}", Folder, StringComparison.Ordinal))];
        _run = Task.Run(() => CommandLine.Run(args, _output, _error, () => _output.AsStream(), () => Stream.Null, _stop.Token));
    }

    public string Folder { get; }

    public string Socket => Path.Combine(Folder, "rm.sock");

    public string Ram => Path.Combine(Folder, "ram");

    /// <summary>Everything printed so far.</summary>
    public string Output => _output.Text;

    /// <summary>Starts a server and waits until it listens.</summary>
    public static async Task<ServeCommand> StartAsync(params string[] options)
    {
        var server = new ServeCommand(options);
        await server.Line("listening");
        return server;
    }

    /// <summary>The first line that says something, now or later.</summary>
    public Task<string> Line(string what) => _output.LineAsync(line => line.Contains(what, StringComparison.Ordinal));

    /// <summary>The line that says how a connection ended.</summary>
    public Task<string> Closed(int connection) => Line(FormattableString.Invariant($"{connection}: closed, "));

    /// <summary>Ends the server; its exit code and what it wrote on standard error.</summary>
    public async Task<(int ExitCode, string Error)> StopAsync()
    {
        await _stop.CancelAsync();
        var code = await _run.WaitAsync(Bench.Patience);
        return (code, _error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Standard output that somebody follows while it is written.</summary>
    private sealed class FollowedWriter : TextWriter
    {
        private readonly Lock _gate = new();
        private readonly StringBuilder _text = new();
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Encoding Encoding => Encoding.UTF8;

        public string Text
        {
            get
            {
                lock (_gate)
                    return _text.ToString();
            }
        }

        public override void Write(char value) => Write(value.ToString());

        public override void Write(string? value)
        {
            TaskCompletionSource more;
            lock (_gate)
            {
                _text.Append(value);
                (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            more.SetResult();
        }

        public async Task<string> LineAsync(Predicate<string> wanted)
        {
            while (true)
            {
                Task more;
                lock (_gate)
                {
                    if (Array.Find(_text.ToString().Split('\n')[..^1], wanted) is { } line) return line;
                    more = _more.Task;
                }

                try
                {
                    await more.WaitAsync(Bench.Patience);
                }
                catch (TimeoutException late)
                {
                    throw new TimeoutException("The line did not come. What came:\n" + Text, late);
                }
            }
        }

        public Stream AsStream() => new Bytes(this);

        private sealed class Bytes(FollowedWriter writer) : MemoryStream
        {
            public override void Write(byte[] buffer, int offset, int count) => writer.Write(Encoding.UTF8.GetString(buffer, offset, count));

            public override void Write(ReadOnlySpan<byte> buffer) => writer.Write(Encoding.UTF8.GetString(buffer));
        }
    }
}
