/* Processes: what they share and what not, how they end, stop and go on, and who is told. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>
#include <sys/mman.h>
#include <signal.h>
#include <string.h>
#include <errno.h>
static int g = 1; static volatile int chld;
static void on_chld(int s, siginfo_t *i, void *c){ chld++; printf("SIGCHLD code %d status %d\n", i->si_code, i->si_status); fflush(stdout); }
int main(int argc, char **argv){
  setvbuf(stdout,0,_IOLBF,0);
  int *shared = mmap(0,4096,PROT_READ|PROT_WRITE,MAP_SHARED|MAP_ANONYMOUS,-1,0);
  char *heap = malloc(300000); memset(heap,'h',300000);
  int st; pid_t p = fork();
  if (!p) { g = 2; heap[1000]='c'; *shared = 99; printf("child g %d %c parent is %d\n", g, heap[1000], getppid() > 1); fflush(stdout); _exit(7); }
  printf("wait %d\n", waitpid(p,&st,0)==p); printf("status %d exited %d\n", WEXITSTATUS(st), WIFEXITED(st));
  printf("parent g %d %c shared %d\n", g, heap[1000], *shared);
  p = fork(); if (!p) { raise(SIGSEGV); _exit(1);} waitpid(p,&st,0); printf("signaled %d %d\n", WIFSIGNALED(st), WTERMSIG(st));
  p = fork(); if (!p) { for(;;) pause(); } kill(p,SIGTERM); waitpid(p,&st,0); printf("term %d\n", WTERMSIG(st));
  printf("echild %d %d\n", wait(&st), errno);
  p = vfork(); if (!p) { g = 5; _exit(9); } waitpid(p,&st,0); printf("vfork %d\n", WEXITSTATUS(st)); g = 1;
  struct sigaction a; memset(&a,0,sizeof a); a.sa_sigaction=on_chld; a.sa_flags=SA_SIGINFO|SA_RESTART; sigaction(SIGCHLD,&a,0);
  p = fork(); if(!p) _exit(3); while(!chld) pause(); printf("chld %d\n", chld); waitpid(p,&st,0);
  signal(SIGCHLD,SIG_DFL);
  p = fork(); if(!p) { pause(); _exit(5);} 
  kill(p,SIGSTOP); waitpid(p,&st,WUNTRACED); printf("stopped %d %d\n", WIFSTOPPED(st), WSTOPSIG(st)); kill(p,SIGCONT); waitpid(p,&st,WCONTINUED); printf("continued %d\n", WIFCONTINUED(st)); kill(p,SIGKILL); siginfo_t si; memset(&si,0,sizeof si); waitid(P_PID,p,&si,WEXITED); printf("waitid code %d status %d same %d\n", si.si_code, si.si_status, si.si_pid==p);
  signal(SIGCHLD,SIG_DFL);
  printf("nohang %d\n", (int)waitpid(-1,&st,WNOHANG));
  fflush(stdout);
  /* Each has a child and gives back how deep it went. */
  for (int depth = 0; depth < 5; depth++) {
    p = fork();
    if (!p) continue;
    waitpid(p,&st,0);
    printf("depth %d below %d\n", depth, WEXITSTATUS(st));
    fflush(stdout);
    _exit(WEXITSTATUS(st) + 1);
  }
  _exit(0);
}
