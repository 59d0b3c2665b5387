/* Signals of every kind: queued, nested, on a stack of their own, waited for, of timers, of faults. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <sys/syscall.h>
#include <stdlib.h>
#include <setjmp.h>
#include <ucontext.h>
#include <sys/prctl.h>

static volatile sig_atomic_t n, on_alt;
static char altstack[32768];
static void info_handler(int s, siginfo_t *i, void *c) {
  printf("sig %d code %d pid %d uid %d value %d\n", s, i->si_code, i->si_pid == getpid(), i->si_uid == getuid(), i->si_code == SI_QUEUE ? i->si_value.sival_int : -1);
}
static void alt(int s, siginfo_t *i, void *c) { char here; ucontext_t *u = c; stack_t now; sigaltstack(0,&now);
  on_alt = &here >= altstack && &here < altstack + sizeof altstack;
  printf("alt %d, flags %d, uc size %zu, err %d\n", on_alt, now.ss_flags, (size_t)u->uc_stack.ss_size, sigaltstack(&now,0) < 0 ? errno : 0); }
static void inner(int s) { printf("inner begin %d\n", s); }
static void outer(int s) { printf("outer begin\n"); raise(SIGUSR2); printf("outer mid\n"); }
static void count(int s) { n++; }
static sigjmp_buf jb; static volatile int code;
static void fpe(int s, siginfo_t *i, void *c) { code = i->si_code; siglongjmp(jb, 1); }
int main(void)
{
  struct sigaction a; memset(&a,0,sizeof a);
  a.sa_sigaction = info_handler; a.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1,&a,0); sigaction(SIGRTMIN+1,&a,0);
  kill(getpid(), SIGUSR1); raise(SIGUSR1);
  union sigval v = {.sival_int = 42};
  sigqueue(getpid(), SIGUSR1, v);
  sigset_t set, old; sigemptyset(&set); sigaddset(&set, SIGRTMIN+1); sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK,&set,&old);
  for (int i=0;i<3;i++){ v.sival_int=i; sigqueue(getpid(), SIGRTMIN+1, v); }
  for (int i=0;i<3;i++){ v.sival_int=10+i; sigqueue(getpid(), SIGUSR1, v); }
  sigprocmask(SIG_SETMASK,&old,0);
  stack_t ss = {.ss_sp=altstack,.ss_size=sizeof altstack};
  printf("sigaltstack %d\n", sigaltstack(&ss,0));
  ss.ss_size=100; printf("small %d %d\n", sigaltstack(&ss,0), errno);
  a.sa_sigaction=alt; a.sa_flags=SA_SIGINFO|SA_ONSTACK; sigaction(SIGUSR1,&a,0); raise(SIGUSR1);
  a.sa_handler=outer; a.sa_flags=0; sigaction(SIGUSR1,&a,0); a.sa_handler=inner; sigaction(SIGUSR2,&a,0); raise(SIGUSR1);
  sigemptyset(&a.sa_mask); sigaddset(&a.sa_mask,SIGUSR2); a.sa_handler=outer; sigaction(SIGUSR1,&a,0); raise(SIGUSR1);
  printf("kill action %d %d\n", sigaction(SIGKILL,&a,0), errno);
  /* sigsuspend */
  a.sa_handler=count; sigemptyset(&a.sa_mask); sigaction(SIGALRM,&a,0);
  sigemptyset(&set); sigaddset(&set,SIGALRM); sigprocmask(SIG_BLOCK,&set,&old);
  struct itimerval it={{0,0},{0,20000}}; setitimer(ITIMER_REAL,&it,0);
  sigset_t none; sigemptyset(&none);
  int r=sigsuspend(&none); printf("sigsuspend %d %d n=%d\n", r, errno, n);
  /* sigtimedwait */
  setitimer(ITIMER_REAL,&it,0); siginfo_t si; r=sigwaitinfo(&set,&si); printf("sigwaitinfo %d code %d n=%d\n", r, si.si_code, n);
  struct timespec ts={0,1000000}; r=sigtimedwait(&set,&si,&ts); printf("sigtimedwait %d %d\n", r, errno);
  sigprocmask(SIG_SETMASK,&old,0);
  /* EINTR nanosleep */
  setitimer(ITIMER_REAL,&it,0); ts.tv_sec=10; ts.tv_nsec=0; struct timespec rem={0,0}; r=nanosleep(&ts,&rem); printf("nanosleep %d %d rem %d n=%d\n", r, errno, (int)rem.tv_sec, n);
  alarm(1); printf("pause %d\n", pause()); printf("n=%d alarm left %d\n", n, alarm(0));
  /* interval timer */
  it.it_interval.tv_usec=5000; it.it_value.tv_usec=5000; n=0; setitimer(ITIMER_REAL,&it,0); while(n<3) pause(); it.it_value.tv_usec=0; it.it_interval.tv_usec=0; setitimer(ITIMER_REAL,&it,0); printf("interval %d\n", n);
  /* posix timer */
  timer_t t; struct sigevent ev; memset(&ev,0,sizeof ev); ev.sigev_notify=SIGEV_SIGNAL; ev.sigev_signo=SIGRTMIN+2; ev.sigev_value.sival_int=77;
  printf("timer_create %d\n", timer_create(CLOCK_MONOTONIC,&ev,&t));
  sigemptyset(&set); sigaddset(&set,SIGRTMIN+2); sigprocmask(SIG_BLOCK,&set,0);
  struct itimerspec its={{0,0},{0,3000000}}; timer_settime(t,0,&its,0); r=sigwaitinfo(&set,&si); printf("timer %d code %d value %d\n", r-SIGRTMIN, si.si_code, si.si_value.sival_int); 
  printf("timer_delete %d %d\n", timer_delete(t), timer_settime(t,0,&its,0));
  /* SIGFPE by prctl */
  int mode=-1; 
  prctl(PR_SET_FPEXC, PR_FP_EXC_PRECISE); 
  a.sa_sigaction=fpe; a.sa_flags=SA_SIGINFO; sigaction(SIGFPE,&a,0); sigaction(SIGSEGV,&a,0); sigaction(SIGILL,&a,0); sigaction(SIGBUS,&a,0);sigaction(SIGTRAP,&a,0);
  if (!sigsetjmp(jb,1)) { *(volatile int*)16=1; } printf("segv %d\n", code);
  if (!sigsetjmp(jb,1)) { asm volatile(".long 0"); } printf("ill %d\n", code);
  if (!sigsetjmp(jb,1)) { asm volatile("trap"); } printf("trap %d\n", code);
  fflush(stdout);
  signal(SIGTERM, SIG_DFL); kill(getpid(), SIGTERM); 
  return 3;
}
