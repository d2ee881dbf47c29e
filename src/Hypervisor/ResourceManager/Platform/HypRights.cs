namespace RmStack.ResourceManager.Platform;

/// <summary>Rights of the capabilities that the RM hands to VMs (Gunyah API: capability rights).</summary>
internal static class HypRights
{
    public const uint ThreadPower = 0x1;
    public const uint ThreadAffinity = 0x2;
    public const uint ThreadYieldTo = 0x10;

    public const uint DoorbellSend = 0x1;
    public const uint DoorbellReceive = 0x2;

    public const uint MsgQueueSend = 0x1;
    public const uint MsgQueueReceive = 0x2;
}
