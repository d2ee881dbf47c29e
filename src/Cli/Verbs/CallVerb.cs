using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using RmStack.Cli.Call;
using RmStack.Cli.Decode;

namespace RmStack.Cli.Verbs;

/// <summary>`rmstack call`: requests to a server, and their replies.</summary>
internal sealed class CallVerb : Command
{
    private const string Separator = ",";
    private const string FromInput = "-";
    private const double LongestTimeout = 1e6;

    private readonly VerbIo _io;
    private readonly Argument<string[]> _words = new("REQUEST")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "A message and its fields, as in VM_ALLOCATE vmid=0; several with , between them; \"wait VM_EXITED vmid=0x80\" waits for a notification; - reads a request per line from standard input. @vmid stands for the field vmid of an earlier reply. A message may be an id in hex, its fields payload=HEX.",
    };

    private readonly Option<string> _socket = new("--socket", "-s") { HelpName = "PATH", Description = "The server's socket: see rmstack serve.", Required = true };
    private readonly Option<string> _timeout = new("--timeout") { HelpName = "SECONDS", Description = "How long each reply and each wait may take; 0 for any time.", DefaultValueFactory = _ => "10" };
    private readonly Option<bool> _notifications = new("--notifications", "-n") { Description = "Show notifications that come in between, too." };
    private readonly Option<bool> _keepGoing = new("--keep-going", "-k") { Description = "Go on after a request that failed; the exit code is the first failure's." };
    private readonly Option<bool> _json = new("--json") { Description = "Print an object per line, as rmstack decode --json does." };

    /// <summary>The verb.</summary>
    public CallVerb(VerbIo io)
        : base("call", "Send requests to a Resource Manager on a socket, one after the other over one connection, and show the replies.")
    {
        _io = io;
        Arguments.Add(_words);
        foreach (var option in new Option[] { _socket, _timeout, _notifications, _keepGoing, _json }) Options.Add(option);
        SetAction(parsed => Invoke(parsed));
    }

    /// <summary>What --help says behind the options: the fields of the messages in the command line, or an example of each.</summary>
    public static string MessageHelp(ParseResult parsed) => CallMessages.Help(parsed.Tokens.Where(static token => token.Type == TokenType.Argument).Select(static token => token.Value));

    private int Invoke(ParseResult parsed)
    {
        var words = parsed.GetValue(_words) ?? [];
        if (words.Length == 0) return Usage("say what to send, for example: VM_ALLOCATE vmid=0 (see rmstack call --help)");
        if (!double.TryParse(parsed.GetValue(_timeout), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is not (>= 0 and <= LongestTimeout))
            return Usage($"--timeout {parsed.GetValue(_timeout)}: a number of seconds, at most {LongestTimeout}, or 0 for any time");
        var steps = new List<CallStep>();
        var fromInput = words is [FromInput];
        if (!fromInput && !TryParse(words, steps, out var problem)) return Usage(problem);

        var timeout = seconds == 0 ? (TimeSpan?)null : TimeSpan.FromSeconds(seconds);
        using var bytes = parsed.GetValue(_json) ? _io.OpenOutput() : null;
        IDecodeOutput output = bytes is null ? new DecodeText(_io.Output, new DecodeFilter()) : new DecodeJson(bytes, new DecodeFilter());
        var outcome = RunAsync(parsed, output, timeout, fromInput ? InputAsync() : Given(steps)).GetAwaiter().GetResult();
        _io.Output.Flush();
        return outcome.Message.Length == 0 ? (int)outcome.Code : CommandLine.Fail(_io.Error, outcome.Code, outcome.Message);
    }

    private async Task<CallOutcome> RunAsync(ParseResult parsed, IDecodeOutput output, TimeSpan? timeout, IAsyncEnumerable<(CallStep? Step, string Problem)> steps)
    {
        CallSession session;
        try
        {
            session = CallSession.Connect(parsed.GetValue(_socket)!, output, timeout, parsed.GetValue(_notifications));
        }
        catch (Exception failure) when (failure is IOException or PlatformNotSupportedException or ArgumentException)
        {
            return new CallOutcome(ExitCode.NoConnection, failure.Message);
        }

        await using (session.ConfigureAwait(false))
        {
            var first = CallOutcome.Ok;
            await foreach (var (step, problem) in steps.ConfigureAwait(false))
            {
                var outcome = step is null ? new CallOutcome(ExitCode.Usage, problem) : await session.DoAsync(step).ConfigureAwait(false);
                if (outcome.Code == ExitCode.Ok) continue;
                if (!parsed.GetValue(_keepGoing)) return outcome;
                CommandLine.Fail(_io.Error, outcome.Code, outcome.Message);
                if (first.Code == ExitCode.Ok) first = outcome with { Message = "" };
                if (outcome.Code == ExitCode.NoConnection) break;
            }

            return first;
        }
    }

    private static bool TryParse(string[] words, List<CallStep> steps, out string problem)
    {
        problem = "";
        var from = 0;
        for (var at = 0; at <= words.Length; at++)
        {
            if (at < words.Length && words[at] != Separator) continue;
            if (!CallStep.TryParse(words[from..at], out var step, out problem)) return false;
            steps.Add(step!);
            from = at + 1;
        }

        return true;
    }

    private static async IAsyncEnumerable<(CallStep? Step, string Problem)> Given(List<CallStep> steps)
    {
        foreach (var step in steps) yield return (step, "");
        await Task.CompletedTask.ConfigureAwait(false);
    }

    // Each line is done before the next is read, so a person, or a program, can go by the answers.
    private async IAsyncEnumerable<(CallStep? Step, string Problem)> InputAsync()
    {
        using var input = new StreamReader(_io.OpenInput(), Encoding.UTF8);
        for (var number = 1; await input.ReadLineAsync().ConfigureAwait(false) is { } line; number++)
        {
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            yield return CallStep.TryParse(text, out var step, out var problem) ? (step, "") : (null, string.Create(CultureInfo.InvariantCulture, $"standard input, line {number}: {problem}"));
        }
    }

    private int Usage(string problem) => CommandLine.Fail(_io.Error, ExitCode.Usage, problem);
}
