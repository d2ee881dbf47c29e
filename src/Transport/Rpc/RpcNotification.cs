using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <summary>A notification as it is handled on the receive path.</summary>
/// <param name="Id">Which notification.</param>
/// <param name="SequenceId">The RM's counter over all its VMs; to be ignored.</param>
/// <param name="Payload">Its bytes, valid until the handler returns.</param>
public readonly record struct RpcNotification(MessageId Id, ushort SequenceId, ReadOnlyMemory<byte> Payload);

/// <summary>A notification as it is read from <see cref="RpcClient.Notifications"/>.</summary>
/// <param name="Id">Which notification.</param>
/// <param name="SequenceId">The RM's counter over all its VMs; to be ignored.</param>
/// <param name="Payload">Its bytes, the reader's own.</param>
public sealed record RpcNotificationMessage(MessageId Id, ushort SequenceId, ReadOnlyMemory<byte> Payload);
