using RmStack.Cli.Reports;
using RmStack.Cli.Simulation;
using RmStack.Machine.Images;
using RmStack.Protocol;

namespace RmStack.Cli.Tests;

/// <summary>One message of a conversation, as far as its order is concerned.</summary>
internal readonly record struct Said(bool ByHlos, RpcMessageType Type, MessageId Id, uint? Error);

/// <summary>Conversations between the primary VM and the Resource Manager, from a run and from the recording of a real system.</summary>
internal static class Conversation
{
    /// <summary>The messages of a printed run, without times and numbers that the run makes up.</summary>
    public static List<string> OfText(string output) => [.. output.Split('\n')
        .Where(line => line.Contains("HLOS > RM", StringComparison.Ordinal) || line.Contains("HLOS < RM", StringComparison.Ordinal))
        .Where(line => line.Contains('#', StringComparison.Ordinal) || line.Contains(" VM_", StringComparison.Ordinal) || line.Contains(" MEM_", StringComparison.Ordinal))
        .Select(line => System.Text.RegularExpressions.Regex.Replace(line[11..], "cap=[0-9a-fx]+", "cap", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)))];

    /// <summary>A run of the built-in guest.</summary>
    public static BootRun Boot(Transcript transcript, Host.PageLayout layout = Host.PageLayout.Contiguous)
    {
        Assert.True(GuestImage.TryRead(BuiltInGuests.Hello(), out var image, out _));
        return new BootRun(new BootOptions { Image = image!, ImageName = "hello", MemorySize = 2 << 20, Layout = layout, Budget = 100_000_000 }, transcript);
    }

    public static List<TranscriptMessage> Of(Transcript transcript) => [.. transcript.Events.Select(e => e.Message).OfType<TranscriptMessage>()];

    public static Said Order(TranscriptMessage message) => new(
        message.Sender == GunyahSystem.HlosVmid, Enum.Parse<RpcMessageType>(message.Type, ignoreCase: true), new MessageId(message.Id), message.Error);

    /// <summary>The recorded life of a VM, its packets joined: a message, with its sequence id and its content.</summary>
    public static List<(Said Said, ushort SequenceId, byte[] Content)> Captured()
    {
        var messages = new List<(Said, ushort, byte[])>();
        var up = new Reassembler(ReassemblyRules.ResourceManager);
        var down = new Reassembler(ReassemblyRules.LinuxV12);
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "vm-life.txt")))
        {
            if (line.StartsWith('#')) continue;
            var words = line.Split(' ');
            var byHlos = words[0] == "H>R";
            var reassembler = byHlos ? up : down;
            if (reassembler.Accept(Convert.FromHexString(words[1])).Result != ReassemblyResult.Complete) continue;
            var content = reassembler.Content.ToArray();
            var header = reassembler.Header;
            uint? error = header.Type == RpcMessageType.Reply ? BitConverter.ToUInt32(content) : null;
            messages.Add((new Said(byHlos, header.Type, header.Id, error), header.SequenceId, content));
        }

        return messages;
    }
}
