using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using RmStack.Cli.Verbs;

namespace RmStack.Cli;

/// <summary>The command line of rmstack.</summary>
public static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">Its words.</param>
    /// <param name="output">Standard output, for text.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="openOutput">Opens standard output for bytes.</param>
    /// <param name="openInput">Opens standard input for bytes.</param>
    /// <param name="stop">Ends a verb that would go on for ever, as an interrupt from the terminal does.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error, Func<Stream> openOutput, Func<Stream> openInput, CancellationToken stop = default)
    {
        var io = new VerbIo(output, error, openOutput, openInput, stop);
        var root = new RootCommand("A model of the Gunyah hypervisor, its Resource Manager and its Linux host, with the stack that they talk by.")
        {
            new BootVerb(io),
            new DecodeVerb(io),
            new ServeVerb(io),
            new CallVerb(io),
            new BenchVerb(io),
            new BenchPeerVerb(io),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExitCodes((HelpAction)help.Action!);

        // A name that begins with @ is a name, not a file of more options.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (args.Count == 0) return Fail(error, ExitCode.Usage, "say what to do, for example: rmstack boot (see rmstack --help)");
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExitCodes) return Fail(error, ExitCode.Usage, Complaint(parsed));
        try
        {
            var code = parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
            output.Flush();
            return code;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whatever a verb reads is its own to report: what is left is a reader who has gone away, or was never there.
            return Fail(error, ExitCode.OutputFailed, $"standard output cannot be written: {OneLine(failure.Message)}");
        }
#pragma warning disable CA1031 // The last line of defence: one line and an exit code instead of a dump.
        catch (Exception mistake)
#pragma warning restore CA1031
        {
            return Fail(error, ExitCode.Internal, $"{mistake.GetType().Name}: {OneLine(mistake.Message)}; this is a mistake of rmstack, please report it with the command line");
        }
    }

    /// <summary>Ends with one line on standard error.</summary>
    public static int Fail(TextWriter error, ExitCode code, string message)
    {
        ArgumentNullException.ThrowIfNull(error);
        error.Write($"rmstack: {OneLine(message)}\n");
        return (int)code;
    }

    private static string Complaint(ParseResult parsed)
    {
        var where = Prefix(parsed);
        return parsed.UnmatchedTokens.Count > 0
            ? $"'{OneLine(parsed.UnmatchedTokens[0])}' is neither a verb nor an option of {where} (see {where} --help)"
            : $"{OneLine(parsed.Errors[0].Message)} (see {where} --help)";
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    private static string Prefix(ParseResult parsed) => parsed.CommandResult.Command is RootCommand ? "rmstack" : "rmstack " + parsed.CommandResult.Command.Name;

    private sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var result = help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (parseResult.CommandResult.Command is CallVerb) output.Write(CallVerb.MessageHelp(parseResult));
            output.Write(ExitCodes.Table());
            return result;
        }
    }
}
