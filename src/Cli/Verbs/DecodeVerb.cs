using System.CommandLine;
using System.Globalization;
using System.Text;
using RmStack.Cli.Decode;
using RmStack.Protocol;

namespace RmStack.Cli.Verbs;

/// <summary>`rmstack decode`: packets as people, or programs, read them.</summary>
internal sealed class DecodeVerb : Command
{
    private readonly VerbIo _io;
    private readonly Argument<string?> _file = new("FILE") { Arity = ArgumentArity.ZeroOrOne, Description = "Packets as pcapng, as raw bytes of one message, or as hex: one packet per line, or a hex dump. Without it, or with -, standard input." };
    private readonly Option<string> _format = new("--format", "-f") { HelpName = "NAME", Description = "auto, hex, raw or pcapng.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string[]> _messages = new("--message") { HelpName = "NAME", Description = "Show only messages of this name or hex id; may be repeated." };
    private readonly Option<string[]> _vmids = new("--vmid") { HelpName = "VMID", Description = "Show only what is on this VM's link or names this VM (0x80, 128); may be repeated." };
    private readonly Option<string> _receiver = new("--receiver") { HelpName = "NAME", Description = "Whose rules join packets to VMs: " + ReceiverNames() + ".", DefaultValueFactory = _ => "v12" };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object per line." };

    /// <summary>The verb.</summary>
    public DecodeVerb(VerbIo io)
        : base("decode", "Show packets of a Resource Manager link: every message field by field, and what is wrong with bad bytes, and where.")
    {
        _io = io;
        Arguments.Add(_file);
        foreach (var option in new Option[] { _format, _messages, _vmids, _receiver, _json })
            Options.Add(option);
        SetAction(parsed => Invoke(parsed));
    }

    private int Invoke(ParseResult parsed)
    {
        var filter = new DecodeFilter();
        var problem = ReadOptions(parsed, filter, out var rules, out var format);
        if (problem.Length > 0)
            return CommandLine.Fail(_io.Error, ExitCode.Usage, problem);
        var path = parsed.GetValue(_file);
        if (path is null or "-")
        {
            using var standardInput = _io.OpenInput();
            return Decode(standardInput, "standard input", format, rules!, filter, parsed.GetValue(_json));
        }

        if (!HostFile.TryOpen(path, out var file, out problem))
            return CommandLine.Fail(_io.Error, ExitCode.InputNotFound, problem);
        using (file)
            return Decode(file, path, format, rules!, filter, parsed.GetValue(_json));
    }

    private string ReadOptions(ParseResult parsed, DecodeFilter filter, out ReassemblyRules? rules, out InputFormat format)
    {
        rules = RulesOf(parsed.GetValue(_receiver)!);
        format = InputFormat.Auto;
        if (rules is null)
            return $"--receiver {parsed.GetValue(_receiver)} is not known: use {ReceiverNames()}";
        if (!InputFormats.TryParse(parsed.GetValue(_format)!, out format))
            return $"--format {parsed.GetValue(_format)} is not known: use auto, hex, raw or pcapng";
        foreach (var name in parsed.GetValue(_messages) ?? [])
        {
            if (!filter.TryAddMessage(name))
                return $"--message {name} is no message: use a name of docs/MESSAGES.md, such as VM_START, or an id in hex";
        }

        foreach (var text in parsed.GetValue(_vmids) ?? [])
        {
            if (!TryVmid(text, out var vmid))
                return $"--vmid {text} is no VMID: use a number from 0 to 65535, such as 0x80";
            filter.AddVmid(vmid);
        }

        return "";
    }

    private int Decode(Stream input, string name, InputFormat format, ReassemblyRules rules, DecodeFilter filter, bool json)
    {
        try
        {
            var head = new byte[InputFormats.HeadSize];
            using var beginning = new RewoundStream(default, input);
            var length = beginning.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (format == InputFormat.Auto)
                format = InputFormats.Of(head.AsSpan(0, length));
            if (format == InputFormat.Pcap)
                return CommandLine.Fail(_io.Error, ExitCode.InputNotFound, $"{name} is a pcap file, which does not say which link a packet is of: save it as pcapng");
            using var whole = new RewoundStream(head.AsMemory(0, length), input);
            return json ? ForMachines(whole, format, rules, filter) : ForPeople(whole, format, rules, filter);
        }
        catch (InputFailedException failure)
        {
            return CommandLine.Fail(_io.Error, ExitCode.InputNotFound, $"{name} cannot be read: {failure.Message}");
        }
    }

    private int ForPeople(Stream input, InputFormat format, ReassemblyRules rules, DecodeFilter filter)
    {
        var output = new DecodeText(_io.Output, filter);
        var decoder = new ConversationDecoder(rules, output);
        var source = Source(input, format);
        decoder.Run(source);
        output.Summary(decoder, source is CapturePackets capture ? capture.Foreign : 0);
        _io.Output.Flush();
        return Result(decoder);
    }

    private int ForMachines(Stream input, InputFormat format, ReassemblyRules rules, DecodeFilter filter)
    {
        using var bytes = _io.OpenOutput();
        using var buffered = new BufferedStream(bytes);
        var decoder = new ConversationDecoder(rules, new DecodeJson(buffered, filter));
        decoder.Run(Source(input, format));
        return Result(decoder);
    }

    private static bool TryVmid(string text, out ushort vmid) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ushort.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out vmid)
        : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out vmid);

    private static IPacketSource Source(Stream input, InputFormat format) => format switch
    {
        InputFormat.Pcapng => new CapturePackets(input),
        InputFormat.Raw => new RawPackets(input),
        _ => new HexPackets(new StreamReader(input, Encoding.Latin1)),
    };

    private static int Result(ConversationDecoder decoder) => (int)(decoder.Refused > 0 ? ExitCode.BadBytes : ExitCode.Ok);

    private static ReassemblyRules? RulesOf(string name) =>
        (ReassemblyRules.Find(name) ?? ReassemblyRules.Find("Linux " + name)) is { TakesRequests: false } rules ? rules : null;

    private static string ReceiverNames() =>
        string.Join(", ", ReassemblyRules.All.Where(rules => !rules.TakesRequests).Select(rules => rules.Name.Replace("Linux ", "", StringComparison.Ordinal)));
}
