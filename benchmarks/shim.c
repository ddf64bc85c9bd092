/* What a process asks of the disk, caught on its way into the kernel: counted, recorded, failed, or the last thing done.
 *
 * A seccomp filter turns every system call that changes files into a signal, also those of native code that calls the
 * kernel without the C library; the handler looks whether the call is about the watched folder and does what it was
 * told. Linux on x86-64 only. Loaded with ctypes in a forked child, for a filter cannot be taken off again.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum { CREATE = 1, WRITE = 2, SYNC = 4, RENAME = 8, REMOVE = 16, FOLDER = 32, CUT = 64 };

struct plan {
    char root[1024];     /* calls about files below it count */
    char part[256];      /* those fail whose path holds this; all where it is empty */
    int64_t kill_at;     /* the call before which the process dies, from 1; 0 for none */
    int64_t fail_from;   /* the first call that may fail, from 1; 0 for none */
    int64_t fail_count;  /* how many fail */
    int32_t fail_kinds;  /* a sum of the kinds above */
    int32_t fail_errno;
    int32_t torn;        /* whether half of the write at which it dies is done */
    int32_t log;         /* a file for records of all calls, -1 for none */
    int64_t count;       /* out: calls so far */
    int64_t failed;      /* out: those that failed */
};

struct record {
    uint32_t kind, path, other, flags;
    int64_t offset, size;
};

static struct plan *plan;
static volatile int turn;

__attribute__((visibility("hidden"))) long raw(long number, long a, long b, long c, long d, long e, long f);
extern char raw_done[] __attribute__((visibility("hidden")));
__asm__(".globl raw\n.hidden raw\nraw:\n mov %rdi,%rax\n mov %rsi,%rdi\n mov %rdx,%rsi\n mov %rcx,%rdx\n mov %r8,%r10\n"
        " mov %r9,%r8\n mov 8(%rsp),%r9\n syscall\n.globl raw_done\n.hidden raw_done\nraw_done:\n ret\n");

static long call(long number, long a, long b, long c) { return raw(number, a, b, c, 0, 0, 0); }

static int of_file(int file, char *path) {
    char link[32] = "/proc/self/fd/", digits[12];
    int at = 14, n = 0;
    do digits[n++] = '0' + file % 10; while (file /= 10);
    while (n) link[at++] = digits[--n];
    link[at] = 0;
    long size = call(SYS_readlink, (long)link, (long)path, 1023);
    path[size > 0 ? size : 0] = 0;
    return size > 0;
}

static void of_name(long folder, const char *name, char *path) {
    path[0] = 0;
    if (name[0] != '/' && (int)folder >= 0 && of_file((int)folder, path)) strncat(path, "/", 1023 - strlen(path));
    strncat(path, name, 1023 - strlen(path));
}

static int is_watched(const char *path) {
    size_t size = strlen(plan->root);
    if (strncmp(path, plan->root, size) || (path[size] && path[size] != '/')) return 0;
    return !strstr(path, " (deleted)") && !strstr(path, "-shm");
}

static void put(const void *data, size_t size) {
    const char *from = data;
    while (size) {
        long done = call(SYS_write, plan->log, (long)from, size);
        if (done <= 0) return;
        from += done, size -= done;
    }
}

static void note(int kind, const char *path, const char *other, long flags, long offset, const void *data, long size) {
    struct record told = {kind, strlen(path), strlen(other), flags, offset, size};
    put(&told, sizeof told);
    put(path, told.path);
    put(other, told.other);
    if (data && size > 0) put(data, size);
}

static long place(int file) {
    struct stat facts;
    if (call(SYS_fcntl, file, F_GETFL, 0) & O_APPEND) {
        call(SYS_fstat, file, (long)&facts, 0);
        return facts.st_size;
    }
    return call(SYS_lseek, file, 0, SEEK_CUR);
}

static int kind_of(long number, long *a) {
    switch (number) {
    case SYS_open: case SYS_openat: case SYS_creat: return CREATE;
    case SYS_write: case SYS_pwrite64: case SYS_writev: return WRITE;
    case SYS_fsync: case SYS_fdatasync: return SYNC;
    case SYS_rename: case SYS_renameat: case SYS_renameat2: return RENAME;
    case SYS_unlink: case SYS_unlinkat: case SYS_rmdir: return REMOVE;
    case SYS_mkdir: case SYS_mkdirat: return FOLDER;
    default: return CUT;
    }
}

static void paths_of(long number, long *a, char *path, char *other) {
    other[0] = path[0] = 0;
    switch (number) {
    case SYS_openat: case SYS_unlinkat: case SYS_mkdirat: of_name(a[0], (char *)a[1], path); return;
    case SYS_open: case SYS_creat: case SYS_unlink: case SYS_rmdir: case SYS_mkdir: case SYS_truncate:
        of_name(-1, (char *)a[0], path); return;
    case SYS_rename: of_name(-1, (char *)a[0], path); of_name(-1, (char *)a[1], other); return;
    case SYS_renameat: case SYS_renameat2: of_name(a[0], (char *)a[1], path); of_name(a[2], (char *)a[3], other); return;
    default: of_file((int)a[0], path);
    }
}

static void record(long number, long *a, int kind, const char *path, const char *other, long offset, long done) {
    if (plan->log < 0 || done < 0) return;
    if (number == SYS_writev) {
        const struct iovec *parts = (void *)a[1];
        for (long i = 0; i < a[2] && done > 0; i++) {
            long size = (long)parts[i].iov_len < done ? (long)parts[i].iov_len : done;
            note(kind, path, other, 0, offset, parts[i].iov_base, size);
            offset += size, done -= size;
        }
    } else if (kind == WRITE) note(kind, path, other, 0, offset, (void *)a[1], done);
    else if (kind == CREATE) note(kind, path, other, number == SYS_openat ? a[2] : a[1], 0, 0, 0);
    else if (kind == CUT) note(kind, path, other, number == SYS_fallocate, number == SYS_fallocate ? a[2] + a[3] : a[1], 0, 0);
    else note(kind, path, other, 0, 0, 0, 0);
}

static long done_to(long number, long *a) {
    char path[2048], other[2048];
    int kind = kind_of(number, a);
    paths_of(number, a, path, other);
    if (!is_watched(path)) return raw(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    while (__sync_lock_test_and_set(&turn, 1)) call(SYS_sched_yield, 0, 0, 0);
    int64_t count = ++plan->count;
    long done, offset = number == SYS_pwrite64 ? a[3] : kind == WRITE ? place((int)a[0]) : 0;
    if (count == plan->kill_at) {
        if (plan->torn && (number == SYS_write || number == SYS_pwrite64))
            raw(number, a[0], a[1], a[2] / 2, a[3], 0, 0);
        call(SYS_kill, call(SYS_getpid, 0, 0, 0), SIGKILL, 0);
        for (;;) call(SYS_pause, 0, 0, 0);
    }
    int fails = plan->fail_from && count >= plan->fail_from && plan->failed < plan->fail_count &&
                (kind & plan->fail_kinds) && !strstr(path, ".holder") && (!plan->part[0] || strstr(path, plan->part));
    if (fails) plan->failed++, done = -plan->fail_errno;
    else {
        done = raw(number, a[0], a[1], a[2], a[3], a[4], a[5]);
        record(number, a, kind, path, other, offset, done);
    }
    __sync_lock_release(&turn);
    return done;
}

static void caught(int signal, siginfo_t *info, void *context) {
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
    long a[6] = {regs[REG_RDI], regs[REG_RSI], regs[REG_RDX], regs[REG_R10], regs[REG_R8], regs[REG_R9]};
    int kept = errno;
    regs[REG_RAX] = done_to(info->si_syscall, a);
    errno = kept;
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), yes, no)
#define UNNAMED (O_TMPFILE & ~O_DIRECTORY)
#define TRAP BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define CAUGHT(number) IS(number, 0, 1), TRAP
#define MAKING(number, field) IS(number, 0, 4), LOAD(field), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT | O_TRUNC | UNNAMED, 0, 1), TRAP, ALLOW

/* Watch from now on; returns 0, or an error number. */
int watch(struct plan *given) {
    uint64_t ours = (uint64_t)raw_done;
    struct sock_filter filter[] = {
        LOAD(arch), IS(AUDIT_ARCH_X86_64, 1, 0), ALLOW,
        LOAD(instruction_pointer), IS(ours & 0xffffffff, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
        IS(ours >> 32, 0, 1), ALLOW,
        LOAD(nr),
        MAKING(SYS_open, args[1]), MAKING(SYS_openat, args[2]), CAUGHT(SYS_creat),
        CAUGHT(SYS_write), CAUGHT(SYS_pwrite64), CAUGHT(SYS_writev), CAUGHT(SYS_fsync), CAUGHT(SYS_fdatasync),
        CAUGHT(SYS_rename), CAUGHT(SYS_renameat), CAUGHT(SYS_renameat2), CAUGHT(SYS_unlink), CAUGHT(SYS_unlinkat),
        CAUGHT(SYS_rmdir), CAUGHT(SYS_mkdir), CAUGHT(SYS_mkdirat), CAUGHT(SYS_truncate), CAUGHT(SYS_ftruncate),
        CAUGHT(SYS_fallocate), ALLOW,
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
    plan = given;
    if (sigaction(SIGSYS, &action, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return errno;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) ? errno : 0;
}
