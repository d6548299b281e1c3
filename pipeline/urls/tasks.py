"""The addresses of tasks."""

from django.urls import path

from pipeline.views import tasks

app_name = "tasks"
urlpatterns = [
    path("", tasks.tasks, name="tasks"),
    path("<int:task_id>/", tasks.task, name="task"),
]
