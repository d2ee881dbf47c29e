namespace RmStack.Protocol;

/// <summary>Bits 1..0 of header byte 1. All four values are defined, so there is no unknown type.</summary>
public enum RpcMessageType : byte
{
    /// <summary>Any packet of a message but its first.</summary>
    Continuation = 0,

    /// <summary>First packet from a VM to the RM.</summary>
    Request = 1,

    /// <summary>First packet of the RM's answer; its content starts with the error word.</summary>
    Reply = 2,

    /// <summary>First packet of an unasked message, RM to VM.</summary>
    Notification = 3,
}
