namespace RmStack.Protocol.Messages;

/// <summary>
/// A checked view of one payload. Parsing proves every length and count; afterwards no accessor can fail. A view of a reply reads what
/// follows the error word.
/// </summary>
/// <typeparam name="TSelf">The view itself.</typeparam>
public interface IMessageView<TSelf>
    where TSelf : IMessageView<TSelf>, allows ref struct
{
    /// <summary>
    /// Reads and checks the whole payload. On failure <paramref name="view"/> is empty and not to be used, and the reader's position is where the bytes went wrong.
    /// </summary>
    static abstract DecodeStatus TryRead(scoped ref PayloadReader reader, out TSelf view);

    /// <summary>
    /// Writes a payload from fields given as text, the inverse of <see cref="Describe"/>, and returns its length, bytes. It asks for every field of every
    /// form that the message has. What is wrong with the fields is the reader's to say; the payload is to be thrown away then.
    /// </summary>
    static abstract int Encode(PayloadWriter writer, FieldReader fields);

    /// <summary>Tells every field, in wire order, by its name.</summary>
    void Describe(MessageFields fields);
}
