using System.Globalization;
using System.Text.RegularExpressions;
using RmStack.Protocol;

namespace RmStack.Cli.Call;

/// <summary>One thing that `rmstack call` is to do: send a request, or wait for a notification.</summary>
internal sealed partial record CallStep
{
    /// <summary>The word that begins a wait.</summary>
    public const string WaitWord = "wait";

    private static readonly Dictionary<string, string> s_nothingKnown = new(StringComparer.Ordinal);

    private CallStep(MessageId id, FieldValues fields) => (Id, Fields) = (id, fields);

    /// <summary>The request, or the notification.</summary>
    public MessageId Id { get; }

    /// <summary>Its fields as they were given; of a notification those that count.</summary>
    public FieldValues Fields { get; }

    /// <summary>Whether it waits for a notification.</summary>
    public bool IsWait { get; private init; }

    private bool HasReferences => Fields.Pairs.Any(static pair => pair.Value.Contains('@', StringComparison.Ordinal));

    /// <summary>Reads a step from the words of a command line.</summary>
    public static bool TryParse(IReadOnlyList<string> words, out CallStep? step, out string problem)
    {
        step = null;
        var isWait = words.Count > 0 && string.Equals(words[0], WaitWord, StringComparison.OrdinalIgnoreCase);
        var rest = isWait ? [.. words.Skip(1)] : words;
        if (!TryMessage(rest, isWait, out var id, out problem)) return false;
        if (!FieldValues.TryParse(rest.Skip(1), out var fields, out var error))
        {
            problem = $"{id}: {error}";
            return false;
        }

        return TryMake(id, isWait, fields, out step, out problem);
    }

    /// <summary>Reads a step from a line.</summary>
    public static bool TryParse(string line, out CallStep? step, out string problem)
    {
        step = null;
        var (word, rest) = Cut(line.Trim());
        var isWait = string.Equals(word, WaitWord, StringComparison.OrdinalIgnoreCase);
        if (isWait) (word, rest) = Cut(rest);
        if (!TryMessage([word], isWait, out var id, out problem)) return false;
        if (!FieldValues.TryParse(rest, out var fields, out var error))
        {
            problem = $"{id}: {error}";
            return false;
        }

        return TryMake(id, isWait, fields, out step, out problem);

        static (string First, string Others) Cut(string text)
        {
            var space = text.AsSpan().IndexOfAny(' ', '\t');
            return space < 0 ? (text, "") : (text[..space], text[space..].Trim());
        }
    }

    /// <summary>The request's payload.</summary>
    /// <param name="known">Fields of the replies so far, for values that refer to them.</param>
    /// <param name="payload">Its bytes.</param>
    /// <param name="problem">What is wrong with the fields.</param>
    public bool TryEncode(IReadOnlyDictionary<string, string> known, out byte[] payload, out string problem)
    {
        payload = [];
        if (!TryResolve(known, out var fields, out problem)) return false;
        if (MessageEncoder.TryEncode(Id, RpcMessageType.Request, fields, out payload, out var error)) return true;
        problem = error.ToString();
        return false;
    }

    /// <summary>Whether a notification is what is waited for: every field that was given has its value.</summary>
    /// <param name="known">Fields of the replies so far, for values that refer to them.</param>
    /// <param name="id">The notification.</param>
    /// <param name="told">Its fields.</param>
    public bool Matches(IReadOnlyDictionary<string, string> known, MessageId id, IReadOnlyList<MessageField> told)
    {
        if (id != Id || !TryResolve(known, out var fields, out _)) return false;
        return fields.Pairs.All(pair => told.FirstOrDefault(field => field.Name == pair.Key) is { } field && Is(field, pair.Value));
    }

    /// <summary>Puts fields of earlier replies in place of @ and their names.</summary>
    public bool TryResolve(IReadOnlyDictionary<string, string> known, out FieldValues fields, out string problem)
    {
        fields = new FieldValues();
        string? missing = null;
        foreach (var (name, value) in Fields.Pairs)
        {
            fields.Add(name, Reference().Replace(value, match =>
            {
                if (match.Value == "@@") return "@";
                if (known.TryGetValue(match.Value[1..], out var found)) return found;
                missing ??= match.Value;
                return "";
            }));
        }

        problem = missing is null ? "" : $"{Id}: {missing} names a field of a reply before it, and none had one of that name (@@ is a plain @)";
        return missing is null;
    }

    private static bool TryMake(MessageId id, bool isWait, FieldValues fields, out CallStep? step, out string problem)
    {
        var made = new CallStep(id, fields) { IsWait = isWait };
        problem = "";
        step = made;

        // What refers to replies is read when they are there.
        if (!isWait && !made.HasReferences && !made.TryEncode(s_nothingKnown, out _, out problem)) step = null;
        if (isWait && MessageEncoder.FieldsOf(id, RpcMessageType.Notification) is var known
            && fields.Pairs.Select(static pair => pair.Key).FirstOrDefault(name => !known.Any(field => field.Name == name)) is { } unknown)
        {
            problem = $"{id}: there is no field \"{unknown}\"; there are {string.Join(", ", known.Select(static field => field.Name))}";
            step = null;
        }

        return step is not null;
    }

    private static bool TryMessage(IReadOnlyList<string> words, bool isWait, out MessageId id, out string problem)
    {
        id = default;
        problem = "";
        var what = isWait ? "a notification" : "a request";
        if (words.Count == 0 || words[0].Length == 0)
        {
            problem = $"name {what}, such as {(isWait ? "VM_EXITED" : "VM_ALLOCATE vmid=0")}";
            return false;
        }

        if (!CallMessages.TryFind(words[0], out id))
        {
            problem = $"{words[0]} is no message: give a name of docs/MESSAGES.md, such as {(isWait ? "VM_EXITED" : "VM_ALLOCATE")}, or an id in hex, such as 0x56000001";
            return false;
        }

        if (MessageCatalogue.Find(id) is { } row && (row.Reply is null) != isWait)
        {
            problem = isWait ? $"{id} is a request: only notifications can be waited for" : $"{id} is a notification, which the Resource Manager sends: {WaitWord} {id} waits for one";
            return false;
        }

        return true;
    }

    private static bool Is(MessageField field, string value) => field.Form switch
    {
        FieldForm.Number or FieldForm.Symbol => (TryNumber(value, out var number) && number == field.Value) || string.Equals(field.Spelling, value, StringComparison.OrdinalIgnoreCase),
        _ => FieldValues.From([field]).Pairs is [var own] && own.Value == value,
    };

    private static bool TryNumber(string text, out ulong number) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex("@@|@[a-z_][a-z0-9_]*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
