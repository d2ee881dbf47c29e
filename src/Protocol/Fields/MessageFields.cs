using RmStack.Protocol.Messages;

namespace RmStack.Protocol;

/// <summary>
/// What a message view tells its fields to, in wire order. Names are the same here, in the Kaitai specification, in JSON and, but for
/// three that Wireshark needs unique, in its filters. Two kinds listen: <see cref="MessageText"/> makes one line for people, <see cref="FieldRecorder"/> keeps all.
/// </summary>
public abstract class MessageFields
{
    private protected MessageFields()
    {
    }

    /// <summary>Whether usual zeros are left out and lists are cut: the line for people.</summary>
    public virtual bool IsBrief => false;

    /// <summary>Why a part that is read in a second step was refused, or Ok.</summary>
    public DecodeStatus Refusal { get; private set; }

    /// <summary>Offset in the payload where that was, bytes.</summary>
    public int RefusalPosition { get; private set; }

    /// <summary>A number.</summary>
    public abstract MessageFields Number(string name, ulong value, FieldUnit unit = FieldUnit.None);

    /// <summary>A number that is left out of a line when it is zero.</summary>
    public MessageFields NumberIfSet(string name, ulong value) => IsBrief && value == 0 ? this : Number(name, value);

    /// <summary>A number with a spelling of its own.</summary>
    public abstract MessageFields Symbol(string name, ulong value, string spelling);

    /// <summary>A start and a size; a line shows start+size under <paramref name="label"/>.</summary>
    public abstract MessageFields Range(string label, string startName, ulong start, string sizeName, ulong size);

    /// <summary>A range that is left out of a line when it is zero.</summary>
    public MessageFields RangeIfSet(string label, string startName, ulong start, string sizeName, ulong size) =>
        IsBrief && start == 0 && size == 0 ? this : Range(label, startName, start, sizeName, size);

    /// <summary>A state or kind in the protocol's spelling, e.g. INIT_FAILED; unknown ones as numbers.</summary>
    public MessageFields State<T>(string name, T value)
        where T : struct, Enum => Symbol(name, Spelling.AsNumber(value), Spell(value, Spelling.State));

    /// <summary>A state that is left out of a line when it is zero.</summary>
    public MessageFields StateIfSet<T>(string name, T value)
        where T : struct, Enum => IsBrief && EqualityComparer<T>.Default.Equals(value, default) ? this : State(name, value);

    /// <summary>An option in lower case, e.g. device-memory; flags joined by |; unknown ones as numbers.</summary>
    public MessageFields Option<T>(string name, T value)
        where T : struct, Enum => Symbol(name, Spelling.AsNumber(value), Spell(value, Spelling.Option).Replace(", ", "|", StringComparison.Ordinal));

    /// <summary>An option that is left out of a line when it is zero.</summary>
    public MessageFields OptionIfSet<T>(string name, T value)
        where T : struct, Enum => IsBrief && EqualityComparer<T>.Default.Equals(value, default) ? this : Option(name, value);

    /// <summary>Foreign text.</summary>
    public abstract MessageFields Quoted(string name, WireBytes text);

    /// <summary>Bytes.</summary>
    public abstract MessageFields Bytes(string name, WireBytes bytes);

    /// <summary>A list.</summary>
    public abstract MessageFields List<T>(string name, WireList<T> list)
        where T : struct, IWireElement<T>;

    /// <summary>Starts a list whose entries differ in size; each entry is opened and closed.</summary>
    internal abstract MessageFields OpenList(string name);

    /// <summary>Starts an entry of an open list.</summary>
    internal abstract MessageFields OpenEntry();

    /// <summary>Ends the entry.</summary>
    internal abstract MessageFields CloseEntry();

    /// <summary>Ends the list.</summary>
    internal abstract MessageFields CloseList();

    /// <summary>All fields from here on are parts of earlier ones, told again for people.</summary>
    internal abstract MessageFields Derived();

    /// <summary>A part that is read in a second step was refused.</summary>
    internal MessageFields Refused(int position, DecodeStatus status)
    {
        (Refusal, RefusalPosition) = (status, position);
        return this;
    }

    private static string Spell<T>(T value, Func<string, string> spelling)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.IsDigit(name[0]) ? MessageText.Numeral(Spelling.AsNumber(value)) : spelling(name);
    }
}
