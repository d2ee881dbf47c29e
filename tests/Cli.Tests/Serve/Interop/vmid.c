/* Allocates a VMID and frees it. Usage: vmid SOCKET */
#include "rm.h"

int main(int argc, char **argv)
{
    struct rm_message reply;
    uint8_t request[4] = { 0 };
    CHECK(argc == 2);
    int rm = rm_connect(argv[1]);

    rm_send(rm, 7, VM_ALLOCATE, request, sizeof(request));
    rm_receive(rm, &reply);
    CHECK(reply.type == RM_REPLY && reply.sequence == 7 && reply.id == VM_ALLOCATE);
    CHECK(reply.length == 8 && get32(reply.content) == 0);
    unsigned vmid = get16(reply.content + 4);
    printf("allocated 0x%x\n", vmid);

    put16(request, vmid);
    rm_send(rm, 8, VM_DEALLOCATE, request, sizeof(request));
    rm_receive(rm, &reply);
    CHECK(reply.type == RM_REPLY && reply.sequence == 8 && reply.id == VM_DEALLOCATE && reply.length == 4);
    printf("freed: %u\n", get32(reply.content));
    close(rm);
    return 0;
}
