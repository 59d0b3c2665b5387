/* Messages, semaphores and shared memory of System V, between processes. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct message {
	long type;
	char text[64];
};

union semun {
	int val;
	unsigned short *array;
};

static int semaphores;

/* What a call has come to: its result, or which error. */
static void say(const char *what, long result)
{
	printf(result < 0 ? "%s: error %ld; " : "%s: %ld; ", what, result < 0 ? (long)errno : result);
}

static int operate(int number, int by, int flags)
{
	struct sembuf one = {number, by, flags};
	return semop(semaphores, &one, 1) < 0 ? errno : 0;
}

static void messages(void)
{
	struct message m = {3, "three"};
	int queue = msgget(IPC_PRIVATE, 0600 | IPC_CREAT);
	say("sent", msgsnd(queue, &m, 6, 0));
	m = (struct message){1, "one"};
	say("sent", msgsnd(queue, &m, 4, 0));
	m.type = 0;
	say("of no type", msgsnd(queue, &m, 4, 0));
	say("too long", msgrcv(queue, &m, 2, 0, 0));
	say("none", msgrcv(queue, &m, 60, 7, IPC_NOWAIT));
	say("lowest", msgrcv(queue, &m, 60, -5, 0));
	say(m.text, msgrcv(queue, &m, 2, 0, MSG_NOERROR));
	printf("%.2s\n", m.text);
	fflush(stdout);
	if (fork() == 0) {
		for (int i = 0; i < 200; i++) {
			m.type = 1 + i % 2;
			sprintf(m.text, "number %d", i);
			msgsnd(queue, &m, 60, 0);
		}
		_exit(0);
	}
	int got = 0, last = -1;
	for (int i = 0; i < 200; i++)
		if (msgrcv(queue, &m, 60, i < 100 ? 2 : 1, 0) == 60 && sscanf(m.text, "number %d", &last) == 1)
			got += last;
	wait(0);
	printf("sum of numbers %d, last %d\n", got, last);
	fflush(stdout);
	pid_t child = fork();
	if (child == 0)
		_exit(msgrcv(queue, &m, 60, 0, 0) < 0 && errno == EIDRM ? 5 : 6);
	usleep(30000);
	int status, removed = msgctl(queue, IPC_RMID, 0);
	waitpid(child, &status, 0);
	printf("removed %d, who waited: %d, ", removed, WEXITSTATUS(status));
	say("again", msgctl(queue, IPC_RMID, 0));
	puts("");
}

static void sets(void)
{
	unsigned short values[3] = {1, 0, 2};
	semaphores = semget(IPC_PRIVATE, 3, 0600);
	say("set all", semctl(semaphores, 0, SETALL, (union semun){.array = values}));
	say("down", operate(0, -1, 0));
	say("down", operate(0, -1, IPC_NOWAIT));
	say("is zero", operate(1, 0, 0));
	struct sembuf both[2] = {{2, -1, IPC_NOWAIT}, {1, -1, IPC_NOWAIT}};
	say("both or none", semop(semaphores, both, 2));
	say("third", semctl(semaphores, 2, GETVAL));
	say("no such", operate(3, 1, 0));
	say("too high", operate(2, 32767, 0));
	say("too high", semctl(semaphores, 0, SETVAL, (union semun){32768}));
	puts("");
	semctl(semaphores, 0, SETVAL, (union semun){0});
	fflush(stdout);
	if (fork() == 0) {
		operate(0, 1, SEM_UNDO);
		operate(1, 1, 0);
		operate(2, -2, SEM_UNDO);
		_exit(0);
	}
	printf("handed over %d", operate(1, -1, 0));
	wait(0);
	printf(", undone %d %d\n", semctl(semaphores, 0, GETVAL), semctl(semaphores, 2, GETVAL));
	fflush(stdout);
	pid_t child = fork();
	if (child == 0)
		_exit(operate(0, -1, 0) == EIDRM ? 7 : 8);
	while (semctl(semaphores, 0, GETNCNT) == 0)
		usleep(1000);
	printf("waits for more %d, for zero %d", semctl(semaphores, 0, GETNCNT), semctl(semaphores, 0, GETZCNT));
	struct timespec soon = {0, 20000000};
	struct sembuf one = {0, -1, 0};
	say(", in time", semtimedop(semaphores, &one, 1, &soon));
	int status, removed = semctl(semaphores, 0, IPC_RMID);
	waitpid(child, &status, 0);
	printf("removed %d, who waited: %d\n", removed, WEXITSTATUS(status));
}

static void segments(void)
{
	struct shmid_ds told;
	int segment = shmget(1234567, 10000, 0640 | IPC_CREAT | IPC_EXCL);
	say("exists", shmget(1234567, 10000, 0640 | IPC_CREAT | IPC_EXCL));
	say("too small", shmget(1234567, 20000, 0));
	printf("found %d\n", shmget(1234567, 100, 0) == segment);
	char *a = shmat(segment, 0, 0), *b = shmat(segment, 0, SHM_RDONLY);
	strcpy(a + 5000, "written");
	printf("both %s, ", b + 5000);
	say("over it", (long)shmat(segment, a, 0) == -1 ? -1 : 0);
	fflush(stdout);
	if (fork() == 0) {
		shmctl(segment, IPC_STAT, &told);
		printf("in a child %s %d", a + 5000, (int)told.shm_nattch);
		strcpy(a + 9000, "by a child");
		return;
	}
	wait(0);
	shmctl(segment, IPC_STAT, &told);
	printf(" %s, attached %d, bytes %zu, mode %o\n", b + 9000, (int)told.shm_nattch, told.shm_segsz, told.shm_perm.mode);
	say("detached", shmdt(b));
	say("again", shmdt(b));
	say("removed", shmctl(segment, IPC_RMID, 0));
	shmctl(segment, IPC_STAT, &told);
	printf("still %s, doomed %d, key %x; ", a + 5000, (told.shm_perm.mode & 01000) != 0, told.shm_perm.__key);
	say("not found", shmget(1234567, 0, 0));
	say("detached", shmdt(a));
	say("gone", shmctl(segment, IPC_STAT, &told));
	puts("");
}

int main(void)
{
	setvbuf(stdout, 0, _IOFBF, 4096);
	messages();
	sets();
	segments();
	return 0;
}
