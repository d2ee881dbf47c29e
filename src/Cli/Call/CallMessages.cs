using System.Globalization;
using System.Text;
using RmStack.Protocol;

namespace RmStack.Cli.Call;

/// <summary>The messages that can be sent or waited for, by name, and what their fields take.</summary>
internal static class CallMessages
{
    /// <summary>Finds a message by its name or its number, in hex.</summary>
    public static bool TryFind(string text, out MessageId id)
    {
        id = default;
        if (MessageCatalogue.All.FirstOrDefault(row => string.Equals(row.Name, text, StringComparison.OrdinalIgnoreCase)) is { } row)
        {
            id = row.Id;
            return true;
        }

        if (!text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            || !uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)) return false;
        id = new MessageId(number);
        return true;
    }

    /// <summary>What --help says: the fields of the messages that are named, or an example of every request.</summary>
    public static string Help(IEnumerable<string> words)
    {
        var named = new List<MessageId>();
        foreach (var word in words)
            if (TryFind(word, out var id) && !named.Contains(id)) named.Add(id);
        return named.Count > 0 ? string.Concat(named.Select(Fields)) : Examples();
    }

    private static string Fields(MessageId id)
    {
        var type = MessageCatalogue.Find(id) is { Reply: null } ? RpcMessageType.Notification : RpcMessageType.Request;
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{id}:\n");
        foreach (var field in MessageEncoder.FieldsOf(id, type).Where(static field => !field.IsPart))
        {
            var rule = field.IsRequired ? "" : field.When.Length > 0 ? $" (with {field.When})" : " (may be left out)";
            text.Append(CultureInfo.InvariantCulture, $"  {field.Assignment,-30} {field.Allowed}{rule}\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Examples()
    {
        var text = new StringBuilder("Requests (rmstack call NAME --help shows what a request's fields take):\n");
        foreach (var row in MessageCatalogue.All.Where(static row => row.Reply is not null))
            text.Append(CultureInfo.InvariantCulture, $"  {row.Name} {MessageEncoder.Example(row.Id, RpcMessageType.Request)}").Append('\n');
        return text.Append('\n').ToString();
    }
}
