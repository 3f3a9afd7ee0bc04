#define _GNU_SOURCE
#include "CEscapeProbes.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

// -1 with errno set means refused, as with system calls.
typedef long attempt(void);

static long open_passwd(void) { return open("/etc/passwd", O_RDONLY); }
static long open_with_openat2(void) {
    const uint64_t how[3] = {O_RDONLY, 0, 0};
    return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how, sizeof how);
}
static long write_a_file(void) { return open("/tmp/vignette-escape", O_WRONLY | O_CREAT, 0600); }
static long make_a_file_without_name(void) { return open("/tmp", O_TMPFILE | O_RDWR, 0600); }
static long create_with_creat(void) { return syscall(SYS_creat, "/tmp/vignette-escape", 0600); }
static long read_own_memory(void) { return open("/proc/self/mem", O_RDWR); }
static long read_own_environment(void) { return open("/proc/self/environ", O_RDONLY); }
static long read_parent_memory(void) { return open("/proc/1/mem", O_RDONLY); }
static long list_a_folder(void) { return open("/", O_RDONLY | O_DIRECTORY); }
static long look_at_a_file(void) {
    struct stat status;
    return stat("/etc/passwd", &status);
}
static long read_a_link(void) {
    char text[64];
    return readlink("/proc/self/exe", text, sizeof text);
}
static long unlink_a_file(void) { return unlink("/tmp/vignette-escape-victim"); }
static long rename_a_file(void) { return rename("/tmp/vignette-escape-a", "/tmp/b"); }
static long make_a_folder(void) { return mkdir("/tmp/vignette-escape-folder", 0700); }
static long link_a_file(void) { return symlink("/etc/passwd", "/tmp/vignette-escape-link"); }
static long change_rights(void) { return chmod("/tmp", 01777); }
static long change_folder(void) { return chdir("/"); }
static long change_root(void) { return chroot("/"); }
static long open_by_handle(void) {
    return syscall(SYS_name_to_handle_at, AT_FDCWD, "/", NULL, NULL, 0);
}
static long make_an_internet_socket(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static long make_a_local_socket(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
static long make_a_netlink_socket(void) { return socket(AF_NETLINK, SOCK_RAW, 0); }
static long make_a_pair_of_sockets(void) {
    int ends[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
}
static long connect_the_socket(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = 9};
    return connect(0, (struct sockaddr *)&address, sizeof address);
}
static long bind_the_socket(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    return bind(0, (struct sockaddr *)&address, sizeof address);
}
static long send_to_an_address(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0vignette"};
    return sendto(0, "", 1, 0, (struct sockaddr *)&address, sizeof address);
}
static long pass_a_descriptor(void) {
    struct msghdr message = {0};
    return sendmsg(0, &message, 0);
}
static long signal_the_parent(void) { return kill(getppid(), 0); }
static long signal_everybody(void) { return kill(-1, 0); }
static long signal_by_descriptor(void) { return syscall(SYS_pidfd_open, 1, 0); }
static long signal_a_thread_of_another(void) { return syscall(SYS_tgkill, 1, 1, 0); }
static long trace_the_parent(void) { return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL); }
static long be_traced(void) { return ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static long read_memory_of_another(void) {
    char byte;
    struct iovec mine = {&byte, 1}, theirs = {(void *)1, 1};
    return process_vm_readv(1, &mine, 1, &theirs, 1, 0);
}
static long run_a_program(void) {
    char *const arguments[] = {"true", NULL};
    return execve("/bin/true", arguments, NULL);
}
static long run_an_open_program(void) {
    return syscall(SYS_execveat, 0, "", NULL, NULL, AT_EMPTY_PATH);
}
static long start_a_process(void) { return syscall(SYS_fork); }
static long start_a_process_by_vfork(void) { return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }
static long start_a_process_by_clone3(void) {
    uint64_t arguments[8] = {0, 0, 0, 0, SIGCHLD};
    return syscall(SYS_clone3, arguments, sizeof arguments);
}
static long leave_the_namespace(void) { return unshare(CLONE_NEWUSER); }
static long enter_a_namespace(void) { return setns(0, 0); }
static long mount_something(void) { return mount("none", "/mnt", "tmpfs", 0, NULL); }
static long open_a_mount(void) { return syscall(SYS_fsopen, "tmpfs", 0); }
static long set_up_a_ring(void) {
    char parameters[256] = {0};
    return syscall(SYS_io_uring_setup, 1, parameters);
}
static long load_a_filter_program(void) { return syscall(SYS_bpf, 0, NULL, 0); }
static long watch_events(void) { return syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0); }
static long take_page_faults(void) { return syscall(SYS_userfaultfd, 0); }
static long use_keys(void) { return syscall(SYS_keyctl, 0, -3, 0, 0, 0); }
static long memory_that_runs(void) {
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
        ? -1 : 0;
}
static long make_memory_run(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}
static long a_file_in_memory(void) { return memfd_create("vignette", 0); }
static long become_root(void) { return setuid(0); }
static long be_dumpable(void) { return prctl(PR_SET_DUMPABLE, 1); }
static long raise_limits_of_another(void) {
    struct rlimit limit;
    return prlimit(getppid(), RLIMIT_AS, NULL, &limit);
}
static long talk_to_the_terminal(void) {
    char byte = '\n';
    return syscall(SYS_ioctl, 0, 0x5412 /* TIOCSTI */, &byte);
}
static long change_the_clock(void) { return syscall(SYS_settimeofday, NULL, NULL); }

static const struct {
    const char *name;
    attempt *run;
} attempts[] = {
#define ATTEMPT(name) {#name, name}
    ATTEMPT(open_passwd), ATTEMPT(open_with_openat2), ATTEMPT(write_a_file),
    ATTEMPT(make_a_file_without_name), ATTEMPT(create_with_creat), ATTEMPT(read_own_memory),
    ATTEMPT(read_own_environment), ATTEMPT(read_parent_memory), ATTEMPT(list_a_folder),
    ATTEMPT(look_at_a_file), ATTEMPT(read_a_link), ATTEMPT(unlink_a_file), ATTEMPT(rename_a_file),
    ATTEMPT(make_a_folder), ATTEMPT(link_a_file), ATTEMPT(change_rights), ATTEMPT(change_folder),
    ATTEMPT(change_root), ATTEMPT(open_by_handle), ATTEMPT(make_an_internet_socket),
    ATTEMPT(make_a_local_socket), ATTEMPT(make_a_netlink_socket), ATTEMPT(make_a_pair_of_sockets),
    ATTEMPT(connect_the_socket), ATTEMPT(bind_the_socket), ATTEMPT(send_to_an_address),
    ATTEMPT(pass_a_descriptor), ATTEMPT(signal_the_parent), ATTEMPT(signal_everybody),
    ATTEMPT(signal_by_descriptor), ATTEMPT(signal_a_thread_of_another), ATTEMPT(trace_the_parent),
    ATTEMPT(be_traced), ATTEMPT(read_memory_of_another), ATTEMPT(run_a_program),
    ATTEMPT(run_an_open_program), ATTEMPT(start_a_process), ATTEMPT(start_a_process_by_vfork),
    ATTEMPT(start_a_process_by_clone3), ATTEMPT(leave_the_namespace), ATTEMPT(enter_a_namespace),
    ATTEMPT(mount_something), ATTEMPT(open_a_mount), ATTEMPT(set_up_a_ring),
    ATTEMPT(load_a_filter_program), ATTEMPT(watch_events), ATTEMPT(take_page_faults),
    ATTEMPT(use_keys), ATTEMPT(memory_that_runs), ATTEMPT(make_memory_run),
    ATTEMPT(a_file_in_memory), ATTEMPT(become_root), ATTEMPT(be_dumpable),
    ATTEMPT(raise_limits_of_another), ATTEMPT(talk_to_the_terminal), ATTEMPT(change_the_clock),
};

const char *vignette_escape_name(int number) {
    return number < (int)(sizeof attempts / sizeof *attempts) ? attempts[number].name : NULL;
}

int vignette_escape(int number) {
    errno = 0;
    const long result = attempts[number].run();
    return result < 0 ? (errno ? errno : 255) : 0;
}
