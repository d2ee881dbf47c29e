namespace RmStack.Protocol;

/// <summary>An entry of a list that can be made from text.</summary>
/// <typeparam name="TSelf">The entry itself.</typeparam>
public interface IFieldEntry<TSelf>
    where TSelf : IFieldEntry<TSelf>
{
    /// <summary>
    /// Its short form, as a line for people shows it: names of its fields with what goes between them, e.g. <c>vmid:rights</c>; empty when
    /// every field is named.
    /// </summary>
    static abstract string EntryForm { get; }

    /// <summary>Fewest bytes of an entry on the wire; bounds the length of a list.</summary>
    static abstract int LeastSize { get; }

    /// <summary>Makes an entry from its fields: the inverse of telling them.</summary>
    static abstract TSelf FromFields(FieldReader fields);
}
